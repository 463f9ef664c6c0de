import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { locatorOf, parseManifest } from '../../src/manifests/parse.ts';

function parses(t: ExecutionContext, text: string, ...documents: unknown[]): void {
  t.deepEqual(parseManifest(text, false), { documents });
}

test('one document', parses, 'a: 1\n', { a: 1 });
test('several, one of them empty', parses, '---\na: 1\n---\n# nothing\n---\nb: [x]\n', { a: 1 }, null, {
  b: ['x'],
});
test('comments alone', parses, '# nothing\n');
test('JSON is YAML', parses, '{"a": {"b": [1, "2"]}}', { a: { b: [1, '2'] } });
test('anchors and merge keys', parses, 'x: &x {a: 1}\ny: {<<: *x, b: 2}\n', {
  x: { a: 1 },
  y: { a: 1, b: 2 },
});
test('words of YAML 1.1 are text', parses, 'a: yes\n', { a: 'yes' });
test('keys are text', parses, '1: a\n', { '1': 'a' });

function breaks(t: ExecutionContext, text: string, line: number, error: RegExp): void {
  for (const isJson of [false, true]) {
    const parsed = parseManifest(text, isJson);
    if ('documents' in parsed) {
      t.fail('parsed');
      return;
    }
    t.is(parsed.position.line, line);
    t.regex(parsed.syntaxError, error);
  }
}

test('unclosed list', breaks, 'a: 1\nb: [1,\n', 3, /must be sufficiently indented and end with a ]/);
test('unclosed JSON', breaks, '{"a": {\n"b": 1', 2, /end with a }/);
test('a key twice', breaks, 'a: 1\nb: 1\na: 2\n', 3, /unique/);
test('a tab', breaks, 'a:\n\tb: 1\n', 2, /[Tt]ab/);
test('second document', breaks, 'a: 1\n---\nb: c: d\n', 3, /Nested mappings/);
test('alias without anchor', breaks, '# x\na: *b\n', 2, /Unresolved alias/);

test(
  'too many aliases',
  breaks,
  [
    'a: &a [x,x,x,x,x,x,x,x,x,x]',
    'b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]',
    'c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]',
    'd: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]',
  ].join('\n'),
  1,
  /Excessive alias count/,
);

test('a JSON file may hold what kubectl accepts in it', (t) => {
  t.deepEqual(parseManifest('{"a": 1}', true), { documents: [{ a: 1 }] });
  t.deepEqual(parseManifest('# a comment\n{"a": 1}\n---\n{"b": 1}\n', true), {
    documents: [{ a: 1 }, { b: 1 }],
  });
});

test('fields to lines and columns', (t) => {
  const locate = locatorOf(
    '# top\nitems:\n- spec:\n    ports:\n    - name: a\n      port: 70000\n---\nb: {c: 1}\n',
  );
  t.deepEqual(locate(0, []), { line: 2, column: 1 });
  t.deepEqual(locate(0, ['items']), { line: 2, column: 1 });
  t.deepEqual(locate(0, ['items', 0]), { line: 3, column: 3 });
  t.deepEqual(locate(0, ['items', 0, 'spec', 'ports', 0, 'port']), { line: 6, column: 7 });
  t.deepEqual(locate(1, ['b', 'c']), { line: 8, column: 5 });
});

test('what is not there is where its surroundings are', (t) => {
  const locate = locatorOf('a:\n  b: 1\n');
  t.deepEqual(locate(0, ['a', 'c', 'd']), { line: 1, column: 1 });
  t.deepEqual(locate(0, ['a', 'b', 0]), { line: 2, column: 3 });
  t.is(locate(1, []), undefined);
  t.is(locatorOf('')(0, ['a']), undefined);
});

test('no text makes them throw', (t) => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(
        fc.constantFrom(
          'a',
          ': ',
          '- ',
          '\n',
          '  ',
          '{',
          '}',
          '[',
          ']',
          '&a ',
          '*a',
          '---\n',
          '"',
          '|',
          '!!x ',
          '#',
          '? ',
        ),
        {
          maxLength: 30,
        },
      )
      .map((parts) => parts.join('')),
  );
  const path = fc.array(fc.oneof(fc.constantFrom('a', 'b'), fc.nat(2)), { maxLength: 4 });
  fc.assert(
    fc.property(text, path, fc.boolean(), (input, fieldPath, isJson) => {
      parseManifest(input, isJson);
      locatorOf(input)(0, fieldPath);
    }),
    { numRuns: 5000 },
  );
  t.pass();
});
