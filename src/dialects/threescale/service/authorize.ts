import type { FastifyReply, FastifyRequest } from 'fastify';
import { fail, ok, type Result } from '../../../domain/result.ts';
import type { MeteredUse } from '../../../metering/charges.ts';
import type { CountedCall, MeteredCall } from '../../../metering/metering.ts';
import type { Services } from '../../dialect.ts';
import { calledApplication } from './called-application.ts';
import { calledProduct } from './called-product.ts';
import { callOptions, type CallOptions } from './call-options.ts';
import { queryParameters } from './call-parameters.ts';
import { limitHeaders } from './limit-headers.ts';
import { textOf, type ValueMap } from './nested.ts';
import { LIMITS_EXCEEDED, reasonAgainst } from './reasons.ts';
import {
  applicationNotFound,
  FORBIDDEN,
  NOT_VALID_DATA,
  troubled,
  USER_ID_SENT,
  type ServiceRefusal,
} from './refusals.ts';
import { sendRefusal } from './send-refusal.ts';
import { statedCode, statedUsage } from './stated-usage.ts';
import { statusXml, type Status } from './status-xml.ts';

/** Which of the four calls it is. */
export interface Variant {
  /** Counts the usage of a call that is authorized. */
  readonly counts: boolean;
  readonly oauth: boolean;
}

interface Judgement {
  readonly status: Status;
  readonly uses: readonly MeteredUse[] | null;
}

/** `GET /transactions/authorize.xml` and its three siblings (contract 5.3). */
export async function answerAuthorize(
  services: Services,
  variant: Variant,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const sent = queryParameters(request);
  if (!sent.ok) return sendRefusal(reply, sent.problem);
  const options = callOptions(request.headers['3scale-options'], sent.value.values);
  const judged = await judge(services, variant, sent.value, options);
  if (!judged.ok) return sendRefusal(reply, judged.problem);

  const { status, uses } = judged.value;
  const { reason } = status;
  void reply.code(reason === null ? 200 : 409);
  if (options.rejectionReason && reason !== null) void reply.header('3scale-rejection-reason', reason.code);
  if (options.limitHeaders && (reason === null || reason === LIMITS_EXCEEDED)) {
    void reply.headers(limitHeaders(status, namedIn(uses), services.clock.now()));
  }
  return reply.send(options.noBody ? '' : statusXml(status));
}

async function judge(
  services: Services,
  { counts, oauth }: Variant,
  { values, isMalformed }: { readonly values: ValueMap; readonly isMalformed: boolean },
  options: CallOptions,
): Promise<Result<Judgement, ServiceRefusal>> {
  const { directory, metering } = services;
  const product = await calledProduct(services, values);
  if (!product.ok) return product;
  if (isMalformed) return fail(NOT_VALID_DATA);
  if (textOf(values, 'user_id') !== null) return fail(USER_ID_SENT);
  const usage = values.get('usage') ?? null;
  if (usage !== null && !(usage instanceof Map)) return fail(FORBIDDEN);

  const names = { appId: textOf(values, 'app_id'), userKey: textOf(values, 'user_key') };
  if (oauth && names.appId === null) return fail(applicationNotFound(''));
  const application = await calledApplication(directory.meteredApplications, product.value, names);
  if (!application.ok) return application;
  const stated = usage === null ? ok(null) : statedUsage(product.value, usage);
  if (!stated.ok) return stated;

  const call: MeteredCall = {
    product: product.value,
    application: application.value,
    uses: stated.value,
    flat: options.flatUsage,
    code: statedCode(values.get('log')),
  };
  const against = reasonAgainst({ product: product.value, application: application.value, parameters: values, oauth });
  const deciding = counts && against === null && usesSomething(call);
  const verdict = deciding ? await metering.authorizeAndCount(call) : await metering.look(call);
  if (!verdict.ok) return fail(troubled(verdict.problem));

  const reason = against ?? (verdict.value.withinLimits ? null : LIMITS_EXCEEDED);
  const keys = oauth || options.listAppKeys ? directory.meteredApplications.keysOf(application.value) : [];
  const { appId, redirectUrl } = application.value;
  return ok({
    uses: stated.value,
    status: {
      reason,
      product: product.value,
      planName: product.value.plan(application.value.planId)?.name ?? '',
      readings: verdict.value.readings,
      at: verdict.value.at,
      counted: deciding && reason === null,
      client: oauth ? { id: appId ?? '', key: keys[0] ?? '', redirectUrl: redirectUrl ?? '' } : null,
      appKeys: options.listAppKeys ? { app: appId ?? String(application.value.id), keys } : null,
      hierarchy: options.hierarchy,
    },
  });
}

function usesSomething(call: MeteredCall): call is CountedCall {
  return call.uses?.some(({ amount }) => amount > 0) === true;
}

function namedIn(uses: readonly MeteredUse[] | null): ReadonlySet<number> | null {
  if (uses === null) return null;
  return new Set(uses.flatMap(({ metric }) => [metric.id, ...metric.ancestors.map((ancestor) => ancestor.id)]));
}
