/** An error whose message is all that the user needs: printed without a stack. */
export class Failure extends Error {
  /** @override */
  name = 'Failure';
}
