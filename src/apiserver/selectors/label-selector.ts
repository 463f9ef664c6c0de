/** Label selectors. Source: staging/src/k8s.io/apimachinery/pkg/labels/selector.go. */
import { badRequest } from '../errors.ts';

export type Labels = Readonly<Record<string, string>>;
export type LabelMatcher = (labels: Labels) => boolean;

const NAME = '[A-Za-z0-9](?:[A-Za-z0-9_./-]*[A-Za-z0-9])?';
const SET = new RegExp(String.raw`^(${NAME})\s+(in|notin)\s*\(([^()]*)\)$`);
const EQUALITY = new RegExp(String.raw`^(${NAME})\s*(==|=|!=)\s*([A-Za-z0-9_.-]*)$`);
const PRESENCE = new RegExp(String.raw`^(!?)\s*(${NAME})$`);

/** Reads a selector. "" matches everything; text that is none is a 400. */
export function parseLabelSelector(text: string): LabelMatcher {
  const matchers = requirementsOf(text).map(parseRequirement);
  return (labels) => matchers.every((matches) => matches(labels));
}

/** Splits at commas, but not within parentheses. */
function requirementsOf(text: string): string[] {
  const parts = text.split(/,(?![^(]*\))/).map((part) => part.trim());
  return parts.length === 1 && parts[0] === '' ? [] : parts;
}

function parseRequirement(text: string): LabelMatcher {
  const [, setKey, operator, values] = SET.exec(text) ?? [];
  if (setKey !== undefined) return setRequirement(setKey, operator === 'in', values ?? '');
  const [, key, sign, value] = EQUALITY.exec(text) ?? [];
  if (key !== undefined) return (labels) => (labels[key] === value) === (sign !== '!=');
  const [, not, name] = PRESENCE.exec(text) ?? [];
  if (name !== undefined) return (labels) => Object.hasOwn(labels, name) === (not === '');
  throw badRequest(
    `unable to parse requirement: found '${text}', expected: a requirement like key=value, key in (a,b) or !key`,
  );
}

function setRequirement(key: string, isIn: boolean, list: string): LabelMatcher {
  const values = new Set(list.split(',').map((value) => value.trim()));
  return (labels) => {
    const value = labels[key];
    return (value !== undefined && values.has(value)) === isIn;
  };
}
