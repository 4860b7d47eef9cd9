/** An object as a switch or a controller reports it; attributes left out show their defaults. */
export interface SwitchObject {
  readonly className: string;
  readonly dn: string;
  readonly attributes: Readonly<Record<string, string>>;
}
