// magnesium.cql as ELM, written by hand: the published translator for JavaScript comes without the System model that it needs.
const system = name => `{urn:hl7-org:elm-types:r1}${name}`;
const text = value => ({ type: 'Literal', valueType: system('String'), value });
const decimal = value => ({ type: 'Literal', valueType: system('Decimal'), value });
const integer = value => ({ type: 'Literal', valueType: system('Integer'), value });
const property = (source, ...path) => path.reduce((from, name) => ({ type: 'Property', path: name, source: from }), source);
const alias = name => ({ type: 'AliasRef', name });
const letRef = name => ({ type: 'QueryLetRef', name });
const call = (type, ...operand) => ({ type, operand });
const oneOf = (value, ...words) => call('In', value, { type: 'List', element: words.map(text) });
const when = (condition, then) => ({ when: condition, then: text(then) });
const retrieve = (type, code) => ({
  type: 'Retrieve', dataType: `{http://hl7.org/fhir}${type}`, codeProperty: 'code', codeComparator: '~',
  codes: { type: 'ToList', operand: { type: 'CodeRef', name: code } },
});
const query = (source, name, more) => ({ type: 'Query', source: [{ alias: name, expression: source }], relationship: [], ...more });
const firstCode = element => property({ type: 'Indexer', operand: [property(alias('C'), element, 'coding'), integer('0')] }, 'code', 'value');

const asOf = { type: 'ParameterRef', name: 'As of' };
const effective = name => property(alias(name), 'effective', 'value');
const newest = {
  type: 'Last',
  source: query(retrieve('Observation', 'Magnesium in serum or plasma'), 'O', {
    where: call('And',
      call('And',
        oneOf(property(alias('O'), 'status', 'value'), 'final', 'amended', 'corrected'),
        call('Equal', property(alias('O'), 'value', 'code', 'value'), text('mmol/L'))),
      call('And',
        call('LessOrEqual', effective('O'), asOf),
        call('GreaterOrEqual', effective('O'), call('Subtract', asOf, { type: 'Quantity', value: 365, unit: 'days' })))),
    sort: { by: [{ type: 'ByExpression', direction: 'asc', expression: property({ type: 'IdentifierRef', name: 'effective' }, 'value') }] },
  }),
};

const below = (bound, status) => when(call('Less', letRef('Value'), decimal(bound)), status);
const status = query(newest, 'N', {
  let: [
    { identifier: 'Value', expression: property(alias('N'), 'value', 'value', 'value') },
    {
      identifier: 'Age',
      expression: {
        type: 'CalculateAgeAt', precision: 'Year',
        operand: [property({ type: 'ExpressionRef', name: 'Patient' }, 'birthDate', 'value'), call1('DateFrom', effective('N'))],
      },
    },
  ],
  return: {
    expression: {
      type: 'Case',
      caseItem: [
        when(call('Less', letRef('Age'), integer('20')), 'not-adult'),
        below('0.4', 'severe'), below('0.5', 'moderate'), below('0.66', 'mild'), below('0.7', 'borderline'), below('0.8', 'suboptimal'),
        when(call('LessOrEqual', letRef('Value'), decimal('1.07')), 'normal'),
      ],
      else: text('elevated'),
    },
  },
});

const migraine = call1('Exists', query(retrieve('Condition', 'Migraine, unspecified'), 'C', {
  where: call('And',
    oneOf(firstCode('clinicalStatus'), 'active', 'recurrence', 'relapse'),
    oneOf(firstCode('verificationStatus'), 'confirmed', 'provisional')),
}));

function call1(type, operand) {
  return { type, operand };
}

const define = (name, expression) => ({ name, context: 'Patient', accessLevel: 'Public', expression });

export const elm = {
  library: {
    identifier: { id: 'SerumMagnesium', version: '1.0.0' },
    schemaIdentifier: { id: 'urn:hl7-org:elm', version: 'r1' },
    usings: { def: [{ localIdentifier: 'System', uri: 'urn:hl7-org:elm-types:r1' }, { localIdentifier: 'FHIR', uri: 'http://hl7.org/fhir', version: '4.0.1' }] },
    parameters: { def: [{ name: 'As of', accessLevel: 'Public', parameterTypeSpecifier: { type: 'NamedTypeSpecifier', name: system('DateTime') } }] },
    codeSystems: { def: [{ name: 'LOINC', id: 'http://loinc.org', accessLevel: 'Public' }, { name: 'ICD-10-CM', id: 'http://hl7.org/fhir/sid/icd-10-cm', accessLevel: 'Public' }] },
    codes: {
      def: [
        { name: 'Magnesium in serum or plasma', id: '2601-3', accessLevel: 'Public', codeSystem: { name: 'LOINC' } },
        { name: 'Migraine, unspecified', id: 'G43.909', accessLevel: 'Public', codeSystem: { name: 'ICD-10-CM' } },
      ],
    },
    statements: {
      def: [
        { name: 'Patient', context: 'Patient', expression: { type: 'SingletonFrom', operand: { dataType: '{http://hl7.org/fhir}Patient', type: 'Retrieve' } } },
        define('Status', call('Coalesce', status, text('stale'))),
        define('Migraine', migraine),
      ],
    },
  },
};
