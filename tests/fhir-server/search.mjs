// Which resources a search finds: FHIR R4 search parameters, evaluated over resources held in memory.
import { badRequest, evalFhirPathTyped, getExpressionForResourceType, globalSchema, OperationOutcomeError, parseFhirPath, splitSearchOnComma, toTypedValue } from '@medplum/core';

/** Parameters that shape an answer and do not choose resources; those not carried out may be ignored by R4. */
const shaping = new Set(['_count', '_sort', '_total', '_summary', '_elements', '_include', '_revinclude', '_format', '_pretty', '_page']);
const common = {
  _id: { code: '_id', type: 'token', expression: 'id' },
  _lastUpdated: { code: '_lastUpdated', type: 'date', expression: 'meta.lastUpdated' },
  _tag: { code: '_tag', type: 'token', expression: 'meta.tag' },
  _security: { code: '_security', type: 'token', expression: 'meta.security' },
  _profile: { code: '_profile', type: 'uri', expression: 'meta.profile' },
  _source: { code: '_source', type: 'uri', expression: 'meta.source' },
};
const modifiers = { token: ['not'], reference: ['identifier'], string: ['exact', 'contains'], uri: [], date: [], quantity: [], number: [] };
const prefix = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)(?=[-+\d])/;
const resolveIs = /\.where\(resolve\(\) is (\w+)\)/g;
const expressions = new Map();

const refuse = (text) => { throw new OperationOutcomeError(badRequest(text)); };

/** The search parameters of a type that this server carries out. */
export function parametersOf(type) {
  const own = Object.values(globalSchema.types[type]?.searchParams ?? {}).filter((p) => p.expression && p.type in modifiers && !p.code.includes(':') && !(p.code in common));
  return [...Object.values(common), ...own];
}

/** The conditions of a query, as predicates; throws for what this server cannot carry out, unless lenient. */
export function conditionsOf(type, query, base, lenient = false) {
  const conditions = [];
  for (const [key, value] of query) {
    const [code, modifier = ''] = key.split(':');
    if (shaping.has(code)) {
      continue;
    }
    const parameter = common[code] ?? globalSchema.types[type]?.searchParams?.[code];
    if (!parameter?.expression || !(parameter.type in modifiers)) {
      if (lenient && !key.includes('.') && code !== '_has') {
        continue;
      }
      refuse(`Unknown search parameter "${key}" for resource type "${type}"`);
    }
    const typed = parameter.type === 'reference' && /^[A-Z]/.test(modifier) ? modifier : null;
    if (modifier !== '' && modifier !== 'missing' && !typed && !modifiers[parameter.type].includes(modifier)) {
      refuse(`Modifier ":${modifier}" is not supported for search parameter "${code}"`);
    }
    if (value === '') {
      continue;
    }
    conditions.push(conditionOf(type, parameter, typed ? '' : modifier, splitSearchOnComma(value).map((v) => (typed && !v.includes('/') ? `${typed}/${v}` : v)), base));
  }
  return conditions;
}

/** The values a search parameter selects from a resource. */
export function valuesOf(type, parameter, resource) {
  const key = `${type} ${parameter.code}`;
  if (!expressions.has(key)) {
    const own = parameter.code in common ? parameter.expression : getExpressionForResourceType(type, parameter.expression) ?? parameter.expression;
    const target = [...own.matchAll(resolveIs)].map((m) => m[1]);
    expressions.set(key, { path: parseFhirPath(own.replace(resolveIs, '')), target: parameter.type === 'reference' && target.length === 1 ? target[0] : null });
  }
  const { path, target } = expressions.get(key);
  const values = evalFhirPathTyped(path, [toTypedValue(resource)]).map((v) => v.value).filter((v) => v !== undefined && v !== null);
  return target ? values.filter((v) => !v.reference || v.reference.startsWith('urn:') || new RegExp(`(^|/)${target}/[^/]+`).test(v.reference)) : values;
}

function conditionOf(type, parameter, modifier, wanted, base) {
  if (modifier === 'missing') {
    return (resource) => (valuesOf(type, parameter, resource).length === 0) === (wanted[0] === 'true');
  }
  const test = tests[parameter.type](wanted, modifier, base);
  return modifier === 'not'
    ? (resource) => !valuesOf(type, parameter, resource).some(test)
    : (resource) => valuesOf(type, parameter, resource).some(test);
}

const tests = {
  token(wanted) {
    const pairs = wanted.map((w) => {
      const bar = w.indexOf('|');
      return bar < 0 ? { value: w } : { system: w.slice(0, bar), value: w.slice(bar + 1) };
    });
    return (value) => tokensOf(value).some((t) => pairs.some((p) =>
      (p.system === undefined || (t.system ?? '') === p.system) && (p.value === '' ? p.system !== '' : t.value === p.value)));
  },
  reference(wanted, modifier, base) {
    if (modifier === 'identifier') {
      const token = tests.token(wanted);
      return (value) => value.identifier !== undefined && token(value.identifier);
    }
    const local = (reference) => (reference?.startsWith(`${base}/`) ? reference.slice(base.length + 1) : reference ?? '').replace(/\/_history\/.*$/, '');
    const full = new Set(wanted.map(local));
    const ids = new Set(wanted.filter((w) => !w.includes('/') && !w.includes(':')));
    return (value) => {
      const reference = local(typeof value === 'string' ? value : value.reference);
      return full.has(reference) || (/^\w+\/[^/]+$/.test(reference) && ids.has(reference.split('/')[1]));
    };
  },
  string(wanted, modifier) {
    const folded = (s) => (modifier === 'exact' ? s : s.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase());
    const compare = { exact: (a, b) => a === b, contains: (a, b) => a.includes(b), '': (a, b) => a.startsWith(b) }[modifier];
    return (value) => textsOf(value).some((t) => wanted.some((w) => compare(folded(t), folded(w))));
  },
  uri: (wanted) => (value) => wanted.includes(value),
  date: (wanted) => comparing(wanted, (text) => periodOf(text) ?? refuse(`Invalid date "${text}"`), periodOf),
  number: (wanted) => comparing(wanted, numberOf, numberOf),
  quantity(wanted) {
    const parsed = wanted.map((w) => w.split('|')).map(([number, system = '', code = '']) => ({ matches: comparing([number], numberOf, numberOf), system, code }));
    return (value) => parsed.some((p) => p.matches(value.value)
      && (p.system === '' || value.system === p.system) && (p.code === '' || value.code === p.code || (p.system === '' && value.unit === p.code)));
  },
};

/** A predicate over ranges [low, high): what the prefixes mean in R4 (3.1.1.4.5). */
function comparing(wanted, parse, range) {
  const comparisons = wanted.map((w) => ({ is: prefix.exec(w)?.[1] ?? 'eq', than: parse(w.replace(prefix, '')) }));
  return (value) => {
    const v = range(value);
    return v !== null && comparisons.some(({ is, than: w }) => {
      switch (is) {
        case 'eq': return v.low >= w.low && v.high <= w.high;
        case 'ne': return !(v.low >= w.low && v.high <= w.high);
        case 'ap': return v.low < w.high && v.high > w.low;
        case 'gt': return v.high > w.high;
        case 'lt': return v.low < w.low;
        case 'ge': return v.high > w.high || (v.low >= w.low && v.high <= w.high);
        case 'le': return v.low < w.low || (v.low >= w.low && v.high <= w.high);
        case 'sa': return v.low >= w.high;
        default: return v.high <= w.low;
      }
    });
  };
}

function numberOf(text) {
  const value = Number(text);
  if (Number.isNaN(value)) {
    return typeof text === 'string' ? refuse(`Invalid number "${text}"`) : null;
  }
  const digits = String(text).split('.')[1]?.length ?? 0;
  const half = 0.5 * 10 ** -digits;
  return typeof text === 'string' ? { low: value - half, high: value + half } : { low: value, high: value };
}

/** A date, dateTime, instant, Period or Timing as the range of milliseconds it covers; null when unreadable. */
function periodOf(value) {
  if (typeof value === 'object') {
    const [start, end] = value.event ? [value.event[0], value.event.at(-1)] : [value.start ?? value.repeat?.boundsPeriod?.start, value.end ?? value.repeat?.boundsPeriod?.end];
    const range = { low: start ? periodOf(start)?.low : -Infinity, high: end ? periodOf(end)?.high : Infinity };
    return range.low === undefined || range.high === undefined || (!start && !end) ? null : range;
  }
  const parts = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[-+]\d\d:\d\d)?)?)?)?$/.exec(value.replace(/ (?=\d\d:\d\d$)/, '+'));
  if (!parts) {
    return null;
  }
  const [, year, month, day, hour, minute, second, fraction, zone = 'Z'] = parts;
  const low = Date.parse(`${year}-${month ?? '01'}-${day ?? '01'}T${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}${fraction ?? ''}${zone}`);
  if (Number.isNaN(low)) {
    return null;
  }
  const high = !month ? Date.UTC(+year + 1, 0) : !day ? Date.UTC(+year, +month) : low + (!hour ? 86_400_000 : !second ? 60_000 : fraction ? 1 : 1000);
  return { low, high };
}

function tokensOf(value) {
  if (typeof value !== 'object') {
    return [{ value: String(value) }];
  }
  if (Array.isArray(value.coding)) {
    return value.coding.map((c) => ({ system: c.system, value: c.code }));
  }
  return 'code' in value ? [{ system: value.system, value: value.code }] : [{ system: value.system, value: value.value }];
}

const textsOf = (value) => (typeof value === 'object' ? Object.values(value).flat().filter((v) => typeof v === 'string') : [String(value)]);
