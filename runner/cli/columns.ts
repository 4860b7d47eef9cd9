/**
 * Width of an output for people. What is no terminal has none, and a terminal that nobody gave a size says 0 (script(1) and expect(1) without
 * one of their own).
 */
export function columnsOf({ columns }: { readonly columns?: number | undefined }, otherwise: number): number {
  return columns === undefined || columns === 0 ? otherwise : columns;
}
