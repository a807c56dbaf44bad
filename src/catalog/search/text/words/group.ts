/**
 * How well the words of a class stand for each other: `same` are forms, spellings and abbreviations of one word, `like` mean nearly the
 * same, `near` belong to the same subject.
 */
export type Degree = 'same' | 'like' | 'near'

/**
 * Classes of words. In `play listen stream` each word stands for each other. With a `>` it goes one way: who says a word on the
 * left may mean those on the right, and these are not joined. A word may be in several classes, and classes are not joined.
 */
export interface WordGroup {
  readonly degree: Degree
  readonly classes: readonly string[]
}
