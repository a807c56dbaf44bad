/** Pseudo-random texts, the same in each run. */
export function randomText(alphabet: readonly string[], chars: number): string {
  let state = 12_345
  const picked: string[] = []
  for (let i = 0; i < chars; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    picked.push(alphabet[(state >> 8) % alphabet.length] ?? '')
  }
  return picked.join('')
}

export const LETTERS: readonly string[] = 'abcdefghijklmnopqrstuvwxyz'.split('')
/** Chinese characters of which most are several tokens. */
export const HAN: readonly string[] = Array.from({ length: 3_000 }, (_, i) =>
  String.fromCharCode(0x4e00 + i * 3),
)

/** Chinese prose, about 45 characters, without a sign between its characters. */
export const CHINESE =
  '我们正在测试一个新的系统它可以帮助用户更快地找到他们需要的工具并且不需要任何额外的配置这个系统支持多种语言和多种格式的文件'
