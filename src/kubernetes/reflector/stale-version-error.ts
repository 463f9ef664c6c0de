/** The server knows nothing of the version that is watched from, and does not say so. */
export class StaleVersionError extends Error {
  override readonly name = 'StaleVersionError';

  constructor() {
    super('the server has gone back to an older version');
  }
}
