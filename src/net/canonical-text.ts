/**
 * Whether text is an address as canonicalAddress() writes it: one look at each character, nothing allocated.
 *
 * Nearly every address that comes in is canonical already, and a large cluster has hundreds of thousands.
 */

const DIGIT_0 = 48;
const DIGIT_9 = 57;
const LETTER_A = 97;
const LETTER_F = 102;
const DOT = 46;
const COLON = 58;

export function isCanonicalText(text: string): boolean {
  return isCanonicalIPv4(text) || isCanonicalIPv6(text);
}

function isCanonicalIPv4(text: string): boolean {
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) {
      if (digits === 0 || ++dots > 3) return false;
      octet = 0;
      digits = 0;
      continue;
    }
    const hasLeadingZero = digits > 0 && octet === 0;
    if (code < DIGIT_0 || code > DIGIT_9 || hasLeadingZero) return false;
    octet = octet * 10 + code - DIGIT_0;
    if (octet > 255) return false;
    digits++;
  }
  return digits > 0 && dots === 3;
}

/** RFC 5952: "::" stands for the first of the longest runs of two or more groups that are 0. None is mapped from IPv4. */
function isCanonicalIPv6(text: string): boolean {
  const gap = text.indexOf('::');
  if (gap === -1) return countGroups(text, 0, text.length) === 8 && longestRun(text, 0, text.length) < 2;
  const tailStart = gap + 2;
  const head = countGroups(text, 0, gap);
  const tail = countGroups(text, tailStart, text.length);
  if (head === -1 || tail === -1) return false;
  const run = 8 - head - tail;
  if (run < 2 || longestRun(text, 0, gap) >= run || longestRun(text, tailStart, text.length) > run)
    return false;
  const isMapped = run === 5 && text.startsWith('::ffff:');
  return !isMapped && !isZeroGroup(text, gap - 1) && !isZeroGroup(text, tailStart);
}

/** How many groups there are from `start` to `end`, or -1 if one is not written as it should be. */
function countGroups(text: string, start: number, end: number): number {
  if (start === end) return 0;
  let count = 1;
  let digits = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === COLON) {
      if (digits === 0) return -1;
      count++;
      digits = 0;
      continue;
    }
    const isHex = (code >= DIGIT_0 && code <= DIGIT_9) || (code >= LETTER_A && code <= LETTER_F);
    const hasLeadingZero = digits === 1 && text.charCodeAt(i - 1) === DIGIT_0;
    if (!isHex || hasLeadingZero || ++digits > 4) return -1;
  }
  return digits === 0 ? -1 : count;
}

/** The most groups in a row that are 0, among groups that countGroups() has found good. */
function longestRun(text: string, start: number, end: number): number {
  let longest = 0;
  let run = 0;
  for (let i = start; i < end; i++) {
    if (!isGroupStart(text, i, start)) continue;
    run = text.charCodeAt(i) === DIGIT_0 ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  return longest;
}

function isGroupStart(text: string, at: number, start: number): boolean {
  return at === start || text.charCodeAt(at - 1) === COLON;
}

/** Whether the digit at a place is a group that is 0. */
function isZeroGroup(text: string, at: number): boolean {
  return text.charCodeAt(at) === DIGIT_0 && isGroupStart(text, at, 0);
}
