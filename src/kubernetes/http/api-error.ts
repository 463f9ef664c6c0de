import type { ApiStatus } from '../messages/api-status.ts';

/** The API server refuses: an HTTP error, or an ERROR event of a watch. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: ApiStatus;
  /** How long the server wants to be left alone, in milliseconds. */
  readonly retryAfter: number | undefined;

  constructor(status: ApiStatus, retryAfter?: number) {
    const words = [String(status.code), status.reason].filter((part) => part !== '').join(' ');
    super(status.message === '' ? words : `${words}: ${status.message}`);
    this.status = status;
    const { retryAfterSeconds } = status;
    this.retryAfter = retryAfter ?? (retryAfterSeconds === undefined ? undefined : retryAfterSeconds * 1000);
  }
}
