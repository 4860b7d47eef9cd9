import { type ClassShape, named } from "../class-shape.ts";
import { NAME_WITHOUT_COLON, name, secret, text, yesNo } from "../property.ts";
import { OWNED } from "./values.ts";

/** The policy universe, tenants and what hangs on any object. */
export const rootClasses: Readonly<Record<string, ClassShape>> = {
  polUni: {
    rn: "uni",
    parents: ["topRoot"],
    life: "derived",
    carries: ["nameAlias"],
  },
  fabricInst: {
    rn: "fabric",
    parents: ["polUni"],
    life: "derived",
    carries: ["nameAlias", "ownerKey", "ownerTag"],
    set: {
      name: text(""),
    },
  },
  infraInfra: {
    rn: "infra",
    parents: ["polUni"],
    life: "derived",
    carries: ["nameAlias", "ownerKey", "ownerTag"],
  },
  infraFuncP: {
    rn: "funcprof",
    parents: ["infraInfra"],
    life: "derived",
    carries: OWNED,
    set: {
      name: name("default"),
    },
  },
  fvTenant: {
    rn: "tn-{name}",
    parents: ["polUni"],
    implicit: ["fvRsTenantMonPol", "vnsSvcCont", "fvEpTags"],
    carries: OWNED,
    set: {
      name: text("", { min: 1, max: 63, pattern: NAME_WITHOUT_COLON }),
    },
  },
  tagAnnotation: {
    rn: "annotationKey-[{key}]",
    parents: ["*"],
    set: {
      key: text("", { min: 1, max: 256 }),
      value: text("", { max: 1024 }),
    },
  },
  tagTag: {
    rn: "tagKey-{key}",
    parents: ["*"],
    set: {
      key: text("", { min: 1, max: 256 }),
      value: text("", { max: 1024 }),
    },
  },
  vnsSvcCont: {
    rn: "svcCont",
    parents: ["fvTenant"],
    life: "derived",
  },
  fvEpTags: {
    rn: "eptags",
    parents: ["fvTenant"],
    life: "derived",
  },
  fvRsTenantMonPol: {
    rn: "rsTenantMonPol",
    parents: ["fvTenant"],
    life: "never",
    relation: named("tnMonEPGPolName", "monEPGPol", "F0979", "uni/tn-common/monepg-default"),
    set: {
      tnMonEPGPolName: name(""),
    },
  },
  pkiExportEncryptionKey: {
    rn: "exportcryptkey",
    parents: ["polUni"],
    life: "derived",
    carries: OWNED,
    set: {
      clearEncryptionKey: yesNo("no"),
      passphrase: secret(16, 32),
      strongEncryptionEnabled: yesNo("no"),
    },
    shown: {
      cryptedPassphrase: "",
      issues: "",
      keyConfigured: "no",
      passphraseKeyDerivationVersion: "v1",
      timeGenerated: "never",
    },
  },
};
