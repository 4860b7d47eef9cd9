import type { ClassShape } from "../class-shape.ts";
import { choice, name, number, secret, text, yesNo } from "../property.ts";
import { OWNED } from "./values.ts";

/** Local users and their certificates. */
export const adminClasses: Readonly<Record<string, ClassShape>> = {
  aaaUser: {
    rn: "user-{name}",
    parents: ["aaaUserEp"],
    carries: OWNED,
    set: {
      accountStatus: choice("active", ["active", "blocked", "inactive"]),
      certAttribute: text(""),
      clearPwdHistory: yesNo("no"),
      email: text(""),
      expiration: text("never"),
      expires: yesNo("no"),
      firstName: text(""),
      lastName: text(""),
      name: name(),
      otpenable: yesNo("no"),
      phone: text(""),
      pwd: secret(),
      pwdLifeTime: number("no-password-expire", 0, 3650, { "no-password-expire": "0" }),
      pwdUpdateRequired: yesNo("no"),
      rbacString: text(""),
      restrictedRbacUser: yesNo("no"),
      unixUserId: number("0", 0, 4294967295),
    },
    shown: { otpkey: "DISABLEDDISABLED" },
  },
  aaaUserCert: {
    rn: "usercert-{name}",
    parents: ["aaaUser"],
    carries: OWNED,
    set: {
      data: text(""),
      name: name(),
    },
  },
  aaaUserDomain: {
    rn: "userdomain-{name}",
    parents: ["aaaUser"],
    carries: OWNED,
    set: {
      name: name(),
    },
  },
  aaaUserRole: {
    rn: "role-{name}",
    parents: ["aaaUserDomain"],
    carries: OWNED,
    set: {
      name: name(),
      privType: choice("readPriv", ["readPriv", "writePriv"]),
    },
  },
};
