/** A policy that cannot be played to its end, with the reason. The task counts as failed. */
export class PolicyFailure extends Error {}
