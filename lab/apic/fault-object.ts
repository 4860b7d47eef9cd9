import type { ConfigFault } from "./config-fault.ts";
import { timestamp } from "./object.ts";
import type { SwitchObject } from "./switch-object.ts";

/** A fault as it hangs in the tree. */
interface FaultFacts {
  readonly code: string;
  readonly severity: string;
  readonly descr: string;
  readonly changeSet: string;
}

/** The faultInst that hangs directly on an object. */
export function faultOn(dn: string, fault: FaultFacts): SwitchObject {
  const { code, severity, descr, changeSet } = fault;
  const seen = { severity, highestSeverity: severity, origSeverity: severity, prevSeverity: severity };
  return { className: "faultInst", dn: `${dn}/fault-${code}`, attributes: { code, descr, changeSet, lc: "raised", ...seen } };
}

/**
 * Objects of a configuration fault: on the policy itself when the controller found it; else below the leaf that refused it, with a
 * faultDelegate on the policy (aci-objects 3.4, 6.5).
 */
export function faultObjects(faults: readonly ConfigFault[]): readonly SwitchObject[] {
  const objects = new Map<string, SwitchObject>();
  for (const fault of faults) for (const object of objectsOf(fault)) if (!objects.has(object.dn)) objects.set(object.dn, object);
  return [...objects.values()];
}

function objectsOf(fault: ConfigFault): readonly SwitchObject[] {
  const { policy, nodeDn, code, severity, qualifier, message } = fault;
  if (nodeDn === undefined) {
    const relation = policy.attributes.state ?? "missing-target";
    return [faultOn(policy.dn, { code, severity, descr: `${message}.`, changeSet: `state:${relation}, stateQual:none` })];
  }
  const changeSet = `configQual:${qualifier}, configSt:failed-to-apply, debugMessage:${qualifier}: ${message};, temporaryError:no`;
  const descr = `Configuration failed for ${policy.dn} on ${nodeDn} due to ${qualifier}, debug message: ${message}`;
  const inst = faultOn(`${nodeDn}/local/svc-policyelem-id-0/uni/epp/rtd-[${policy.dn}]/nwissues`, {
    code,
    severity,
    descr,
    changeSet,
  });
  const delegated = {
    ...inst,
    attributes: { ...inst.attributes, cause: "configuration-failed", delegated: "yes", domain: "tenant" },
  };
  const delegate = {
    className: "faultDelegate",
    dn: `${policy.dn}/fd-[${inst.dn}]-fault-${code}`,
    attributes: {
      affected: inst.dn,
      cause: "configuration-failed",
      code,
      changeSet,
      descr,
      severity,
      domain: "tenant",
      lc: "raised",
    },
  };
  return [delegated, delegate];
}

/** Keeps the times of a fault's birth: a fault that is still there is not a new one. */
export function datedFaults(
  objects: readonly SwitchObject[],
  known: (dn: string) => string | undefined,
): readonly SwitchObject[] {
  const now = timestamp();
  return objects.map((object) => {
    const created = known(object.dn) ?? now;
    const times = object.className === "faultInst" ? { created, lastTransition: created } : { created };
    return { ...object, attributes: { ...object.attributes, ...times } };
  });
}
