/**
 * Encrypts values of people before they are written. `about` says where the value stands (`run.code:["ann","r_1"]`): a sealed value
 * opens in its own place only.
 */
export interface Seal {
  readonly seal: (text: string, about: string) => string
  /** A text that was written before there was a key opens as itself. @throws GatewayError `sealed` */
  readonly open: (sealed: string, about: string) => string
}
