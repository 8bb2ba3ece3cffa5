import type { FastifyReply, FastifyRequest } from 'fastify';
import type { MeteredApplication } from '../../../directory/metered-applications.ts';
import type { MeteredProduct } from '../../../directory/meters.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import type { EpochMs } from '../../../domain/time/instant.ts';
import type { ReportedCall } from '../../../metering/metering.ts';
import type { Services } from '../../dialect.ts';
import { calledApplication } from './called-application.ts';
import { calledProduct } from './called-product.ts';
import { callOptions } from './call-options.ts';
import { reportParameters } from './call-parameters.ts';
import type { Value, ValueMap } from './nested.ts';
import {
  NOT_VALID_DATA,
  TRANSACTION_NIL,
  TRANSACTIONS_BLANK,
  TRANSACTIONS_FORMAT,
  troubled,
  USER_ID_SENT,
  type ServiceRefusal,
} from './refusals.ts';
import { sendRefusal } from './send-refusal.ts';
import { statedCode, statedUsage } from './stated-usage.ts';
import { parseTimestamp, timestampMistake } from './timestamps.ts';

/** A transaction as it was sent, its parts of the right shape. */
interface Transaction {
  readonly values: ValueMap;
  /** Without the metrics whose usage is 0; null when none is stated. */
  readonly usage: ValueMap | null;
}

/** `POST /transactions.xml` (contract 5.5): what is wrong with a transaction is found after the answer, as it were. */
export async function answerReport(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const sent = await reportParameters(request);
  if (!sent.ok) return sendRefusal(reply, sent.problem);
  const { values, isMalformed } = sent.value;
  const product = await calledProduct(services, values);
  if (!product.ok) return sendRefusal(reply, product.problem);
  if (isMalformed) return sendRefusal(reply, NOT_VALID_DATA);
  const transactions = transactionsIn(values.get('transactions') ?? null);
  if (!transactions.ok) return sendRefusal(reply, transactions.problem);

  const { flatUsage } = callOptions(request.headers['3scale-options'], values);
  const calls = await callsOf(services, product.value, transactions.value, flatUsage);
  const stored = calls.ok
    ? await services.metering.report(calls.value)
    : await services.metering.keepError(product.value, calls.problem);
  return stored.ok ? reply.code(202).send('') : sendRefusal(reply, troubled(stored.problem));
}

/** The shape, which is looked at before the answer. */
function transactionsIn(sent: Value): Result<readonly Transaction[], ServiceRefusal> {
  if (sent === null || sent === '' || (Array.isArray(sent) && sent.length === 0)) return fail(TRANSACTIONS_BLANK);
  if (!(sent instanceof Map)) return fail(TRANSACTIONS_FORMAT);
  const all = [...sent.values()];
  if (all.includes(null)) return fail(TRANSACTION_NIL);
  const transactions: Transaction[] = [];
  for (const values of all) {
    if (!(values instanceof Map)) return fail(TRANSACTIONS_FORMAT);
    if ((values.get('user_id') ?? null) !== null) return fail(USER_ID_SENT);
    const usage = values.get('usage') ?? null;
    if (usage === null || usage === '') {
      transactions.push({ values, usage: null });
      continue;
    }
    if (!(usage instanceof Map)) return fail(TRANSACTIONS_FORMAT);
    const used = new Map([...usage].filter(([, value]) => value !== '0'));
    // Usage of 0 changes nothing, so that nothing about it can be wrong either.
    if (used.size > 0) transactions.push({ values, usage: used });
  }
  return ok(transactions);
}

type IntegrationMistake = NonNullable<ServiceRefusal['error']>;

/** All transactions, or the first mistake: applications are looked at first, then usage, then times. */
async function callsOf(
  { directory, clock }: Services,
  product: MeteredProduct,
  transactions: readonly Transaction[],
  flat: boolean,
): Promise<Result<readonly ReportedCall[], IntegrationMistake>> {
  const now = clock.now();
  const applications: MeteredApplication[] = [];
  for (const { values } of transactions) {
    const names = { appId: nameIn(values, 'app_id'), userKey: nameIn(values, 'user_key') };
    const found = await calledApplication(directory.meteredApplications, product, names);
    if (!found.ok) return mistake(found.problem);
    applications.push(found.value);
  }
  const calls: ReportedCall[] = [];
  for (const [index, { values, usage }] of transactions.entries()) {
    const application = applications[index];
    if (usage === null || application === undefined) continue;
    const uses = statedUsage(product, usage);
    if (!uses.ok) return mistake(uses.problem);
    const code = statedCode(values.get('log'));
    calls.push({ product, application, uses: uses.value, flat, code, at: timeOf(values, now) });
  }
  for (const { at } of calls) {
    const wrong = timestampMistake(at, now);
    if (wrong !== null) return fail(wrong);
  }
  return ok(calls);
}

function timeOf(values: ValueMap, now: EpochMs): EpochMs {
  const timestamp = values.get('timestamp');
  return (typeof timestamp === 'string' ? parseTimestamp(timestamp) : null) ?? now;
}

function nameIn(values: ValueMap, name: string): string | null {
  const value = values.get(name);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function mistake({ error }: ServiceRefusal): Result<never, IntegrationMistake> {
  if (error === null) throw new TypeError('a transaction is refused without words');
  return fail(error);
}
