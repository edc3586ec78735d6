import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { problemsOf } from './check.mjs';
import { base, Definitions } from './definitions.mjs';
import { problemsOfDocument, profiles } from './validate.mjs';

const definitions = new Definitions(profiles);
const fhirmg = `${base}/CodeSystem/fhirmg`;
const ucum = 'http://unitsofmeasure.org';
const extension = (id, rest) => ({ url: `${base}/StructureDefinition/${id}`, ...rest });
const rule = (valueCode) => extension('rule', { valueCode });
const mine = (code) => ({ system: fhirmg, code });
const patient = { reference: 'Patient/p1' };
const draft = { status: 'draft', intent: 'proposal' };

const written = (resourceType, profile, rest) => ({
  resourceType,
  meta: { profile: [`${base}/StructureDefinition/${profile}`], tag: [mine('generated')] },
  ...rest,
});
const proposal = (resourceType, profile, ruleId, rest) =>
  written(resourceType, profile, {
    extension: [rule(ruleId)],
    identifier: [{ system: `${base}/identifier/proposal`, value: 'f'.repeat(64) }],
    ...rest,
  });
const medicine = (code, ruleId, dosage, more = []) =>
  proposal('MedicationRequest', 'magnesium-medication-request-proposal', ruleId, {
    extension: [rule(ruleId), ...more],
    ...draft,
    medicationCodeableConcept: { coding: [mine(code), { system: 'http://www.whocc.no/atc', code: 'A12CC' }], text: code },
    subject: patient,
    note: [{ text: 'Small trials.' }],
    dosageInstruction: [{ text: 'As the prescriber decides.', ...dosage }],
  });
const citrateDose = { maxDosePerPeriod: { numerator: { value: 600, unit: 'mg' }, denominator: { value: 1, unit: 'd' } } };
const sulfateDose = { doseAndRate: [{ doseQuantity: { value: 1, unit: 'g', system: ucum, code: 'g' } }] };

const assessment = written('RiskAssessment', 'magnesium-risk-assessment', {
  extension: [
    extension('serum-status', { valueCodeableConcept: { coding: [mine('mild')] } }),
    extension('deficiency-status', { valueCodeableConcept: { coding: [mine('confirmed')] } }),
    rule('DEF-1'),
    rule('STAT-2'),
  ],
  identifier: [{ system: `${base}/identifier/assessment`, value: '0'.repeat(64) }],
  status: 'final',
  subject: patient,
  occurrenceDateTime: '2026-11-23T00:00:00Z',
  basis: [{ reference: 'Observation/o1' }],
  prediction: ['migraine-attack', 'severe-course'].map((outcome, i) => ({
    extension: [
      rule(`RISK-${i + 1}`),
      extension('odds-ratio', {
        extension: [
          { url: 'value', valueDecimal: 35.3 },
          { url: 'comparison', valueString: 'migraine in attack vs healthy' },
          { url: 'study', valueString: 'A:10' },
          { url: 'groups', valueString: 'three groups of 40 people' },
        ],
      }),
    ],
    outcome: { coding: [mine(outcome)] },
    qualitativeRisk: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/risk-probability', code: 'high' }] },
    rationale: 'Odds ratio 35.3, one small study.',
  })),
});

const wrongStatus = ['a wrong status', (r) => (r.status = 'completed'), /status/];
const unknownStatus = ['a status that R4 does not know', (r) => (r.status = 'drafted'), /status/];
const wrongIntent = ['an order', (r) => (r.intent = 'order'), /intent/];
const common = [
  ['no meta', (r) => delete r.meta, /names no profile/],
  ['no identifier', (r) => delete r.identifier, /identifier/],
  ['two identifiers', (r) => r.identifier.push(r.identifier[0]), /identifier/],
  ['a foreign identifier', (r) => (r.identifier[0].system = 'urn:other'), /identifier/],
  ['an identifier without a value', (r) => delete r.identifier[0].value, /identifier/],
  ['an identifier without a system', (r) => delete r.identifier[0].system, /identifier/],
  ['another tag in place of generated', (r) => (r.meta.tag = [{ system: 'urn:other', code: 'generated' }]), /slice generated/],
  ['the generated tag twice', (r) => r.meta.tag.push(r.meta.tag[0]), /slice generated/],
  ['no generated tag', (r) => delete r.meta.tag, /meta/],
  ['no profile', (r) => delete r.meta.profile, /names no profile/],
  ['something empty', (r) => (r.language = {}), /is empty/],
  ['a list where one is expected', (r) => (r.language = ['en']), /is an array/],
  ['one where a list is expected', (r) => (r.meta.tag = r.meta.tag[0]), /is no array/],
  ['a number where text is expected', (r) => (r.language = 1), /is no string/],
  ['another type’s profile', (r) => (r.meta.profile = [`${base}/StructureDefinition/magnesium-provenance`]), /is no profile of/],
  ['an unknown profile', (r) => (r.meta.profile = [`${base}/StructureDefinition/magnesium`]), /is no profile of/],
  ['an unknown element', (r) => (r.colour = 'white'), /colour/],
  ['an unknown extension', (r) => r.extension.push(extension('rules', { valueCode: 'RX-1' })), /unknown extension/],
];
const ofOneRule = [
  ['no rule', (r) => r.extension.shift(), /extension/],
  ['two rules', (r) => r.extension.push(rule('RX-2')), /slice rule/],
  ['another kind of rule', (r) => (r.extension[0].valueCode = 'IN-1'), /rule-kind/],
  ['a rule as a string', (r) => (r.extension[0] = extension('rule', { valueString: r.extension[0].valueCode })), /is a string/],
  ['a rule without its value', (r) => delete r.extension[0].valueCode, /expected 1\.\.\*, found 0/],
  ['a rule that is no rule id', (r) => (r.extension[0].valueCode = 'RX1'), /rule-id/],
];
const aboutAPatient = (element = 'subject') => [
  [`no ${element}`, (r) => delete r[element], new RegExp(element)],
  ['a reference to no type', (r) => (r[element] = { reference: 'p1' }), /is no reference/],
  ['a group for the patient', (r) => (r[element] = { reference: 'Group/g1' }), /refers to Group/],
  ['a patient by name only', (r) => (r[element] = { display: 'A. B.' }), new RegExp(element)],
];
const prohibition = ['a prohibition', (r) => (r.doNotPerform = true), /doNotPerform/];

const shapes = {
  'magnesium-risk-assessment': {
    good: {
      'with migraine': assessment,
      'without migraine': { ...assessment, prediction: undefined, status: 'preliminary' },
      'with a prediction that no rule levels': edit(assessment, (r) => delete r.prediction[0].qualitativeRisk),
    },
    bad: [
      ...common,
      ...aboutAPatient(),
      ['a wrong status', (r) => (r.status = 'registered'), /assessment-status/],
      ['a probability', (r) => (r.prediction[0].probabilityDecimal = 0.9), /probability/],
      ['a probability as a range', (r) => (r.prediction[1].probabilityRange = { low: { value: 10 }, high: { value: 20 } }), /probability/],
      ['the odds ratio as relative risk', (r) => (r.prediction[0].relativeRisk = 35.3), /relativeRisk/],
      ['no outcome', (r) => delete r.prediction[0].outcome, /outcome/],
      ['a foreign outcome', (r) => (r.prediction[0].outcome.coding[0].system = 'urn:other'), /outcome/],
      ['an outcome that is none', (r) => (r.prediction[0].outcome.coding[0].code = 'mild'), /prediction-outcome/],
      ['an outcome as text', (r) => (r.prediction[0].outcome = { text: 'attack' }), /outcome\.coding/],
      ['two codes of an outcome', (r) => r.prediction[0].outcome.coding.push(mine('severe-course')), /outcome\.coding/],
      ['the same outcome twice', (r) => (r.prediction[1].outcome = r.prediction[0].outcome), /prediction-once/],
      ['no rationale', (r) => delete r.prediction[0].rationale, /rationale/],
      ['a prediction without a rule', (r) => r.prediction[0].extension.shift(), /slice rule/],
      ['a level that R4 lacks', (r) => (r.prediction[0].qualitativeRisk.coding[0].code = 'severe'), /qualitativeRisk/],
      ['a level of another list', (r) => (r.prediction[0].qualitativeRisk.coding[0].system = 'urn:other'), /risk-probability/],
      ['a level that no rule gives', (r) => (r.prediction[0].qualitativeRisk.coding[0].code = 'certain'), /prediction-level/],
      ['a level as text', (r) => (r.prediction[0].qualitativeRisk = { text: 'high' }), /qualitativeRisk/],
      ['two codes of a level', (r) => r.prediction[0].qualitativeRisk.coding.push({ ...r.prediction[0].qualitativeRisk.coding[0], code: 'low' }), /expected 1\.\.1, found 2/],
      ['no time', (r) => delete r.occurrenceDateTime, /occurrence/],
      ['a period', (r) => { delete r.occurrenceDateTime; r.occurrencePeriod = { start: '2026-11-23' }; }, /is a Period/],
      ['two times', (r) => (r.occurrencePeriod = { start: '2026-11-23' }), /occurrence/],
      ['a time without zone', (r) => (r.occurrenceDateTime = '2026-11-23T00:00:00'), /dateTime/],
      ['no serum status', (r) => r.extension.shift(), /slice serumStatus/],
      ['two serum statuses', (r) => r.extension.push(r.extension[0]), /slice serumStatus/],
      ['no deficiency status', (r) => r.extension.splice(1, 1), /slice deficiencyStatus/],
      ['a serum status of another list', (r) => (r.extension[0].valueCodeableConcept.coding[0].code = 'confirmed'), /serum-status/],
      ['a deficiency status of another list', (r) => (r.extension[1].valueCodeableConcept.coding[0].code = 'mild'), /deficiency-status/],
      ['a deficiency status for a deceased patient', (r) => (r.extension[1].valueCodeableConcept.coding[0].code = 'none-evaluated'), /deficiency-status/],
      ['a foreign deficiency status', (r) => (r.extension[1].valueCodeableConcept.coding[0].system = 'urn:other'), /urn:other/],
      ['two codes of a deficiency status', (r) => r.extension[1].valueCodeableConcept.coding.push(mine('possible')), /coding/],
      ['two codes of a serum status', (r) => r.extension[0].valueCodeableConcept.coding.push(mine('moderate')), /coding/],
      ['a serum status as text', (r) => (r.extension[0].valueCodeableConcept = { text: 'mild' }), /coding/],
      ['a foreign serum status', (r) => (r.extension[0].valueCodeableConcept.coding[0].system = 'urn:other'), /urn:other/],
      ['a serum status as a code', (r) => (r.extension[0] = extension('serum-status', { valueCode: 'mild' })), /is a code/],
      ['an odds ratio without its study', (r) => r.prediction[0].extension[1].extension.splice(2, 1), /slice study/],
      ['an odds ratio as text', (r) => (r.prediction[0].extension[1].extension[0] = { url: 'value', valueString: '35.3' }), /is a string/],
      ['an odds ratio without the sizes of the groups', (r) => r.prediction[0].extension[1].extension.pop(), /slice groups/],
      ['an odds ratio without what was compared', (r) => r.prediction[0].extension[1].extension.splice(1, 1), /slice comparison/],
      ['an odds ratio of 0', (r) => (r.prediction[0].extension[1].extension[0].valueDecimal = 0), /odds-ratio/],
      ['an odds ratio with something beside', (r) => r.prediction[0].extension[1].extension.push({ url: 'p', valueDecimal: 0.01 }), /outside its slices/],
      ['an odds ratio out of place', (r) => r.extension.push(r.prediction[0].extension[1]), /does not belong on RiskAssessment/],
    ],
  },
  'magnesium-medication-request-proposal': {
    good: {
      'of citrate': medicine('magnesium-citrate', 'RX-1', citrateDose, [extension('dose-basis', { valueString: 'Salt or elemental.' })]),
      'of a product without a dose': medicine('magnesium-pidolate', 'RX-3', {}),
      'of sulfate': medicine('magnesium-sulfate', 'RX-6', sulfateDose),
    },
    bad: [
      ...common,
      ...ofOneRule,
      ...aboutAPatient(),
      wrongStatus,
      unknownStatus,
      wrongIntent,
      prohibition,
      ['a medicine by reference', (r) => { delete r.medicationCodeableConcept; r.medicationReference = { reference: 'Medication/m1' }; }, /is a Reference/],
      ['no medicine', (r) => delete r.medicationCodeableConcept, /medication/],
      ['two codes of ours', (r) => r.medicationCodeableConcept.coding.push(mine('magnesium-b6')), /slice product/],
      ['no code of ours', (r) => r.medicationCodeableConcept.coding.shift(), /slice product/],
      ['a code of ours that is no medicine', (r) => (r.medicationCodeableConcept.coding[0].code = 'mild'), /known-medicine/],
      ['a medicine without text', (r) => delete r.medicationCodeableConcept.text, /text/],
      ['a product without code', (r) => delete r.medicationCodeableConcept.coding[0].code, /code/],
      ['two bases of a dose', (r) => r.extension.push(r.extension[1]), /dose-basis/],
      ['a basis of a dose as markdown', (r) => (r.extension[1] = extension('dose-basis', { valueMarkdown: 'Salt.' })), /is a markdown/],
      ['no note', (r) => delete r.note, /note/],
      ['no dosage', (r) => delete r.dosageInstruction, /dosageInstruction/],
      ['two dosages', (r) => r.dosageInstruction.push({ text: 'Or so.' }), /dosageInstruction/],
      ['a dosage without text', (r) => delete r.dosageInstruction[0].text, /dosageInstruction\[0\]\.text/],
      ['a structured dose of citrate', (r) => Object.assign(r.dosageInstruction[0], sulfateDose), /structured-dose/],
      ['citrate without its maximum dose', (r) => delete r.dosageInstruction[0].maxDosePerPeriod, /maximum-dose/],
      ['citrate without the basis of its dose', (r) => r.extension.pop(), /citrate-dose-basis/],
      ['a maximum dose of another salt', (r) => (r.medicationCodeableConcept.coding[0].code = 'magnesium-lactate'), /maximum-dose/],
      ['sulfate without a dose', (r) => { r.medicationCodeableConcept.coding[0].code = 'magnesium-sulfate'; delete r.dosageInstruction[0].maxDosePerPeriod; }, /structured-dose/],
      ['a reason that is no reason', (r) => (r.reasonReference = [{ reference: 'Patient/p1' }]), /refers to Patient/],
    ],
  },
  'magnesium-service-request-proposal': {
    good: {
      '': proposal('ServiceRequest', 'magnesium-service-request-proposal', 'LAB-1', {
        ...draft,
        code: { coding: [{ system: 'http://loinc.org', code: '2601-3' }], text: 'Serum magnesium' },
        subject: patient,
      }),
    },
    bad: [
      ...common,
      ...ofOneRule,
      ...aboutAPatient(),
      wrongStatus,
      unknownStatus,
      wrongIntent,
      prohibition,
      ['no code', (r) => delete r.code, /code/],
      ['a code without coding', (r) => delete r.code.coding, /code\.coding/],
      ['a code without text', (r) => delete r.code.text, /code\.text/],
      ['two codes', (r) => (r.code = [r.code, r.code]), /code/],
    ],
  },
  'magnesium-task-proposal': {
    good: {
      '': proposal('Task', 'magnesium-task-proposal', 'ASK-1', {
        ...draft,
        code: { coding: [mine('generated')] },
        description: 'Ask the eleven questions.',
        for: patient,
      }),
    },
    bad: [
      ...common,
      ...ofOneRule,
      wrongStatus,
      unknownStatus,
      wrongIntent,
      ['no code', (r) => delete r.code, /code/],
      ['two codes', (r) => (r.code = [r.code, r.code]), /code/],
      ...aboutAPatient('for'),
      ['no words', (r) => delete r.description, /task-text/],
    ],
  },
  'magnesium-communication-request-proposal': {
    good: {
      '': proposal('CommunicationRequest', 'magnesium-communication-request-proposal', 'DIET-1', {
        status: 'draft',
        subject: patient,
        payload: [{ contentString: 'Adults need 420 mg a day.' }],
      }),
    },
    bad: [
      ...common,
      ...ofOneRule,
      ...aboutAPatient(),
      wrongStatus,
      unknownStatus,
      prohibition,
      ['an intent, which R4 lacks', (r) => (r.intent = 'proposal'), /intent/],
      ['no payload', (r) => delete r.payload, /payload/],
      ['a payload by reference', (r) => (r.payload = [{ contentReference: { reference: 'Binary/b1' } }]), /is a Reference/],
    ],
  },
  'magnesium-detected-issue': {
    good: {
      '': proposal('DetectedIssue', 'magnesium-detected-issue', 'SAFE-1', {
        status: 'final',
        code: { text: 'Severe renal impairment' },
        severity: 'high',
        patient,
        detail: 'Magnesium may accumulate.',
        implicated: [{ reference: 'Observation/o1' }],
      }),
    },
    bad: [
      ...common,
      ...ofOneRule,
      ['a wrong status', (r) => (r.status = 'preliminary'), /status/],
      unknownStatus,
      ['no code', (r) => delete r.code, /code/],
      ['two codes', (r) => (r.code = [r.code, r.code]), /code/],
      ['no severity', (r) => delete r.severity, /severity/],
      ['a severity that R4 lacks', (r) => (r.severity = 'critical'), /severity/],
      ['no detail', (r) => delete r.detail, /detail/],
      ...aboutAPatient('patient'),
      ['an identifier of no system of ours', (r) => (r.identifier[0].system = `${base}/identifier/issue`), /issue-identifier/],
    ],
  },
  'magnesium-alternatives': {
    good: {
      '': proposal('RequestGroup', 'magnesium-alternatives', 'RX-3', {
        ...draft,
        subject: patient,
        action: [
          {
            selectionBehavior: 'at-most-one',
            action: ['m1', 'm2'].map((id) => ({ extension: [rule('RX-3')], resource: { reference: `MedicationRequest/${id}` } })),
          },
        ],
      }),
    },
    bad: [
      ...common,
      ...ofOneRule,
      ...aboutAPatient(),
      wrongStatus,
      unknownStatus,
      wrongIntent,
      ['no choice', (r) => delete r.action, /action/],
      ['two choices', (r) => r.action.push(r.action[0]), /action/],
      ['a choice of several', (r) => (r.action[0].selectionBehavior = 'any'), /selectionBehavior/],
      ['a choice that R4 lacks', (r) => (r.action[0].selectionBehavior = 'one'), /selectionBehavior/],
      ['a choice of no kind', (r) => delete r.action[0].selectionBehavior, /selectionBehavior/],
      ['one alternative', (r) => r.action[0].action.pop(), /expected 2\.\.\*, found 1/],
      ['an alternative that is no medicine', (r) => (r.action[0].action[0].resource.reference = 'ServiceRequest/s1'), /refers to ServiceRequest/],
      ['an alternative of nothing', (r) => delete r.action[0].action[0].resource, /resource/],
    ],
  },
  'magnesium-provenance': {
    good: {
      '': written('Provenance', 'magnesium-provenance', {
        extension: [],
        target: [{ reference: 'RiskAssessment/r1' }],
        recorded: '2026-11-23T00:00:00Z',
        agent: [{ who: { display: 'FhirMg 1.0.0' } }],
        entity: [{ role: 'source', what: { reference: 'Observation/o1' } }],
      }),
    },
    bad: [
      ...common.filter(([label]) => !/identifier|extension|no meta|another type/.test(label)),
      ['no target', (r) => delete r.target, /target/],
      ['no agent', (r) => delete r.agent, /agent/],
      ['an agent without a name', (r) => (r.agent[0].who = { reference: 'Device/d1' }), /display/],
      ['a role that R4 lacks', (r) => (r.entity[0].role = 'evidence'), /role/],
      ['a date for an instant', (r) => (r.recorded = '2026-11-23'), /recorded/],
    ],
  },
};
delete shapes['magnesium-provenance'].good[''].extension;

for (const [profile, { good, bad }] of Object.entries(shapes)) {
  describe(profile, () => {
    for (const [label, resource] of Object.entries(good)) {
      test(`accepts one ${label}`, () => assert.deepEqual(problems(resource), []));
    }
    for (const [label, change, expected] of bad) {
      test(`rejects ${label}`, () => assertProblem(problems(edit(Object.values(good)[0], change)), expected));
    }
  });
}

test('Every profile of a written resource is tried here', () => {
  const generated = readdirSync(profiles)
    .filter((name) => name.startsWith('StructureDefinition-'))
    .filter((name) => readFileSync(join(profiles, name), 'utf8').includes('meta.tag:generated'))
    .map((name) => name.slice('StructureDefinition-'.length, -'.json'.length));
  assert.deepEqual(Object.keys(shapes).sort(), generated);
});

test('Whatever is null or empty is a problem, and no content makes the checks throw', () => {
  for (const { good } of Object.values(shapes)) {
    const resource = Object.values(good)[0];
    for (const path of pathsIn(resource)) {
      for (const value of [null, [], {}, 7, 'two words', [[1]]]) {
        const changed = edit(resource, (r) => (path.slice(0, -1).reduce((at, key) => at[key], r)[path.at(-1)] = value));
        const found = problemsOfDocument(changed, definitions);
        assert.ok(found.length > 0 || typeof value !== 'object', `${path.join('.')} = ${JSON.stringify(value)}`);
      }
    }
  }
});

describe('what is read', () => {
  const observation = {
    resourceType: 'Observation',
    meta: { profile: [`${base}/StructureDefinition/magnesium-observation`] },
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '2601-3' }] },
    subject: patient,
    effectiveDateTime: '2026-11-02',
    valueQuantity: { value: 0.61, unit: 'mmol/L', system: ucum, code: 'mmol/L' },
  };
  const condition = {
    resourceType: 'Condition',
    meta: { profile: [`${base}/StructureDefinition/migraine-condition`] },
    clinicalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }] },
    code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'G43.0' }] },
    subject: patient,
  };
  test('a magnesium result', () => assert.deepEqual(problems(observation), []));
  test('a migraine', () => assert.deepEqual(problems(condition), []));
  for (const [label, good, change, expected] of [
    ['a result as text', observation, (r) => { delete r.valueQuantity; r.valueString = '0.61'; }, /is a string/],
    ['a result without subject', observation, (r) => delete r.subject, /subject/],
    ['a result without coding', observation, (r) => (r.code = { text: 'Mg' }), /code\.coding/],
    ['a result at a Timing', observation, (r) => { delete r.effectiveDateTime; r.effectiveTiming = { event: ['2026-11-02'] }; }, /is a Timing/],
    ['a result of a group', observation, (r) => (r.subject = { reference: 'Group/g1' }), /refers to Group/],
    ['a migraine without coding', condition, (r) => (r.code = { text: 'migraine' }), /code\.coding/],
    ['a migraine of a group', condition, (r) => (r.subject = { reference: 'Group/g1' }), /refers to Group/],
    ['a migraine without code', condition, (r) => delete r.code, /code/],
    ['a clinical status that R4 lacks', condition, (r) => (r.clinicalStatus.coding[0].code = 'present'), /clinicalStatus/],
  ]) {
    test(`not ${label}`, () => assertProblem(problems(edit(good, change)), expected));
  }
});

describe('a Bundle', () => {
  const [m1, m2] = ['urn:uuid:0b8b4b6c-7d0e-4d0e-8c57-3c6d1a2b3c41', 'urn:uuid:0b8b4b6c-7d0e-4d0e-8c57-3c6d1a2b3c42'];
  const group = edit(shapes['magnesium-alternatives'].good[''], (r) =>
    r.action[0].action.forEach((a, i) => (a.resource.reference = [m1, m2][i]))
  );
  const entry = (fullUrl, resource) => ({ fullUrl, resource, request: { method: 'POST', url: resource.resourceType } });
  const medicines = shapes['magnesium-medication-request-proposal'].good;
  const bundle = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      entry(m1, medicines['of citrate']),
      entry(m2, medicines['of a product without a dose']),
      entry('urn:uuid:0b8b4b6c-7d0e-4d0e-8c57-3c6d1a2b3c43', group),
    ],
  };
  test('is accepted with the references inside it', () => assert.deepEqual(problemsOfDocument(bundle, definitions), []));
  for (const [label, change, expected] of [
    ['a reference to nothing', (b) => b.entry.shift(), /is not in the document/],
    ['a reference to the wrong type', (b) => (b.entry[0].resource = assessment), /refers to RiskAssessment/],
    ['an entry without request', (b) => delete b.entry[0].request, /entry/],
    ['a bad entry', (b) => (b.entry[1].resource.status = 'active'), /status/],
  ]) {
    test(`is rejected with ${label}`, () => assertProblem(problemsOfDocument(edit(bundle, change), definitions), expected));
  }
});

describe('the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fhirmg-'));
  after(() => rmSync(folder, { recursive: true }));
  const run = (input, ...args) =>
    spawnSync(process.execPath, [fileURLToPath(new URL('validate.mjs', import.meta.url)), ...args], { input, encoding: 'utf8' });

  test('says nothing of good resources', () => {
    const { status, stdout } = run(`${JSON.stringify(assessment)}\n\n${JSON.stringify(assessment)}\n`);
    assert.deepEqual([status, stdout], [0, '']);
  });
  test('prints one JSON line per problem', () => {
    const { status, stdout } = run(`${JSON.stringify(assessment)}\n${JSON.stringify({ ...assessment, id: 'r1', status: 'amended' })}\n`);
    assert.equal(status, 1);
    assert.deepEqual(stdout.trim().split('\n').map(JSON.parse).map((p) => p.resource), ['RiskAssessment/r1']);
  });
  test('refuses what is no JSON', () => assert.equal(run('{}\n{').status, 2));
  test('refuses input with nothing in it', () => assert.equal(run('\n').status, 2));
  test('finds a broken knowledge file', () => {
    cpSync(profiles, folder, { recursive: true });
    const broken = { resourceType: 'ValueSet', id: 'x', url: `${base}/ValueSet/x`, status: 'live', compose: { include: [{ valueSet: [`${base}/ValueSet/nowhere`] }] } };
    writeFileSync(join(folder, 'ValueSet-y.json'), JSON.stringify(broken));
    const { status, stdout } = run('', '--knowledge', folder);
    assert.equal(status, 1);
    for (const expected of [/live/, /is ValueSet\/x/, /nowhere does not exist/]) {
      assert.match(stdout, expected);
    }
  });
  test('refuses a profile with a constraint that it does not enforce', () => {
    const definition = JSON.parse(readFileSync(join(profiles, 'StructureDefinition-magnesium-provenance.json'), 'utf8'));
    definition.differential.element.push({ id: 'Provenance.activity', path: 'Provenance.activity', maxLength: 3 });
    writeFileSync(join(folder, 'StructureDefinition-magnesium-provenance.json'), JSON.stringify(definition));
    const { status, stderr } = run('', '--knowledge', folder);
    assert.equal(status, 2);
    assert.match(stderr, /maxLength/);
  });
});

function problems(resource) {
  return problemsOf(JSON.parse(JSON.stringify(resource)), definitions);
}

function assertProblem(found, expected) {
  assert.ok(found.some((p) => expected.test(`${p.path}: ${p.message}`)), `no ${expected} in ${JSON.stringify(found, null, 1)}`);
}

function pathsIn(value) {
  return value !== null && typeof value === 'object'
    ? Object.keys(value).flatMap((key) => [[key], ...pathsIn(value[key]).map((rest) => [key, ...rest])])
    : [];
}

function edit(resource, change) {
  const copy = structuredClone(resource);
  change(copy);
  return copy;
}
