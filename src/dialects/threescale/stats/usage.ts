import type { ProviderDirectory } from '../../../directory/provider/provider-directory.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import type { Clock } from '../../../domain/time/clock.ts';
import type { Questions } from '../../../queries/ask/questions.ts';
import type { Call, Endpoint } from '../endpoint.ts';
import { missing, type ReadRefusal } from '../format/refusal.ts';
import { zoneNamed } from '../time/zone-names.ts';
import { countBuckets, countTotal, type Counted } from './counts.ts';
import { missingRange, usageRange } from './range.ts';
import { responseCodes } from './response-codes.ts';
import { findMetric, metricName, subjectOf, type Subject } from './subject.ts';
import { writeUsage, type Usage } from './write-usage.ts';

export interface StatsReads {
  readonly providers: ProviderDirectory;
  readonly questions: Questions;
  readonly clock: Clock;
}

type Kind = 'application' | 'service';
type Selected = { readonly told: Usage['of']; readonly counted: Counted['of'] };
type Select = (call: Call, subject: Subject) => Promise<Result<Selected, ReadRefusal>>;

/** `usage` of a metric or method (contract 4.2 to 4.7). */
export function usage(reads: StatsReads, kind: Kind): Endpoint['run'] {
  return series(reads, kind, metricName, async (call, { product }) => {
    const name = metricName(call);
    if (!name.ok) return name;
    const metric = await findMetric(reads.providers, call, product.id, name.value);
    return metric.ok ? ok({ told: { metric: metric.value }, counted: { metric: metric.value.systemName } }) : metric;
  });
}

/** `usage_response_code`: calls by what the API answered (contract 4.8). */
export function usageResponseCode(reads: StatsReads, kind: Kind): Endpoint['run'] {
  const codeName = ({ parameters }: Call): Result<string, ReadRefusal> => {
    const code = parameters.get('response_code');
    return code === null ? fail(missing('response_code')) : ok(code);
  };
  return series(reads, kind, codeName, async (call) => {
    const code = codeName(call);
    return code.ok ? ok({ told: { code: code.value }, counted: { codes: responseCodes(code.value) } }) : code;
  });
}

/** Checks in the contract's order: the object, what has to be there, then the values. */
function series(
  { providers, questions, clock }: StatsReads,
  kind: Kind,
  required: (call: Call) => Result<string, ReadRefusal>,
  select: Select,
): Endpoint['run'] {
  return async (call) => {
    const { tenant, parameters, signal } = call;
    const subject = await subjectOf(providers, call, kind);
    if (!subject.ok) return subject;
    const named = required(call);
    if (!named.ok) return named;
    const absent = missingRange(parameters);
    if (absent !== null) return fail(absent);

    const selected = await select(call, subject.value);
    if (!selected.ok) return selected;
    const now = clock.now();
    const range = usageRange(parameters, { zone: zoneNamed(parameters.get('timezone'), tenant.zone), now });
    if (!range.ok) return range;

    const { application, product } = subject.value;
    const counted: Counted = {
      organization: tenant.id,
      product: product.systemName,
      application: application?.id ?? null,
      of: selected.value.counted,
    };
    const asking = { questions, tag: 'threescale:usage', signal };
    const values = await countBuckets(asking, counted, range.value.edges);
    if (!values.ok) return values;
    const { before } = range.value;
    const compared = parameters.get('skip_change') === 'false' && before !== null;
    const previous = compared ? await countTotal(asking, counted, before) : ok(null);
    if (!previous.ok) return previous;
    return ok(
      writeUsage({
        of: selected.value.told,
        range: range.value,
        values: values.value,
        application,
        previousTotal: previous.value,
        now,
      }),
    );
  };
}
