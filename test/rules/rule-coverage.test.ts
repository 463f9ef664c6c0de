import test from 'ava';
import { nftablesFlows, readVectors } from '../reference/vectors.ts';
import { IMPLEMENTED_RULES, OTHER_RULES } from './implemented-rules.ts';
import { specRules } from './spec-rules.ts';
import { ruleIdsIn, testTitles, titlesIn } from './test-titles.ts';

/** Sections of the spec about Services; the others are about the daemon, the iptables mode and upstream's tests. */
function isAboutServices(section: number): boolean {
  return section <= 17 || section === 26;
}

test('the lists name each rule of the sections about Services, and no other', (t) => {
  const ruled = [...specRules()].flatMap(([section, ids]) => (isAboutServices(section) ? ids : []));
  const listed = [...Object.keys(IMPLEMENTED_RULES), ...Object.keys(OTHER_RULES)];
  t.deepEqual(listed.toSorted(), ruled.toSorted());
});

test('each implemented rule has a test that carries its id', (t) => {
  const tested = ruleIdsIn(testTitles());
  t.deepEqual(
    Object.keys(IMPLEMENTED_RULES).filter((id) => !tested.has(id)),
    [],
  );
});

test('titles of tests carry no id that is no rule', (t) => {
  const rules = new Set([...specRules().values()].flat());
  t.deepEqual(
    [...ruleIdsIn(testTitles())].filter((id) => !rules.has(id)),
    [],
  );
});

test('which rules the conformance vectors prove in the kernel', (t) => {
  const vectors = readVectors().filter(
    (vector) => nftablesFlows(vector).length > 0 || vector.conntrack || vector.healthChecks,
  );
  const inPackets = new Set(vectors.flatMap(({ rules }) => rules));
  const rules = Object.keys(IMPLEMENTED_RULES);
  const others = rules.filter((id) => !inPackets.has(id));
  t.log(`${rules.length - others.length} of ${rules.length}; not: ${others.join(' ')}`);
  t.true(others.length < rules.length);
});

test('titles are found in all forms of a test, but not in one that does not run', (t) => {
  const source = `
    test('plain', (t) => {});
    test.serial("serial", macro, 1);
    test(\n      \`template\`,\n      macro);
    test('it\\'s quoted', macro);
    test(title('completed'), macro);
    test.skip('skipped', (t) => {});
    test.todo('later');
    test.failing('known to fail', (t) => {});
    attest('no test');
  `;
  t.deepEqual(titlesIn(source), ['plain', 'serial', 'template', "it\\'s quoted", 'completed']);
});
