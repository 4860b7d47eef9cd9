/** A session as a leaf showed it at one moment. */
export interface Glimpse {
  readonly established: boolean;
  /** Number of times it came up and when it last changed, as the leaf counts: differs when it went down and up between two looks. */
  readonly mark: string;
}

/** How long one session was not Established. */
export interface Outage {
  /**
   * Seconds, rounded up to tenths. At most so long: from the last look that had it Established to the first that has it again. Zero:
   * never seen down, nor a sign of it.
   */
  readonly seconds: number;
  /** It was not Established in the last look. */
  readonly lasts: boolean;
}

/**
 * Measures outages from looks at the leaves. A look costs a request, so there are few each second and the measure is that coarse; it
 * errs on the long side. Nothing is kept of a look but what the next needs.
 */
export interface OutageMeter {
  /** A look at a session: when it was asked for and when it was answered, in milliseconds. */
  see(session: string, look: { readonly asked: number; readonly answered: number }, glimpse: Glimpse): void;
  outageOf(session: string): Outage;
  isEstablished(session: string): boolean;
  /** Whether it has been down since then, for however short, and whether a look after it is there at all. */
  wasResetSince(session: string, since: number): boolean;
  /** When the last look was answered; undefined: none yet. */
  lastLook(session: string): number | undefined;
}

interface Course {
  /** When the last look was asked for that had the session Established; before the first such, the first look. */
  up: number;
  /** When the last look was answered. */
  at: number;
  last: Glimpse;
  /** Milliseconds of outages that are over. */
  total: number;
  /** End of the last outage. */
  resetAt: number | undefined;
}

/** A meter that has seen nothing yet. */
export function outageMeter(): OutageMeter {
  const courses = new Map<string, Course>();
  return {
    see: (session, { asked, answered }, glimpse) => {
      const course = courses.get(session);
      if (course === undefined) {
        courses.set(session, { up: asked, at: answered, last: glimpse, total: 0, resetAt: undefined });
        return;
      }
      const wentDown = !course.last.established || course.last.mark !== glimpse.mark;
      if (glimpse.established) {
        if (wentDown) {
          course.total += answered - course.up;
          course.resetAt = answered;
        }
        course.up = asked;
      }
      course.at = answered;
      course.last = glimpse;
    },
    outageOf: (session) => {
      const course = courses.get(session);
      if (course === undefined) return { seconds: 0, lasts: true };
      const lasts = !course.last.established;
      return { seconds: tenths(course.total + (lasts ? course.at - course.up : 0)), lasts };
    },
    isEstablished: (session) => courses.get(session)?.last.established === true,
    wasResetSince: (session, since) => {
      const course = courses.get(session);
      return course !== undefined && (!course.last.established || (course.resetAt ?? Number.NEGATIVE_INFINITY) >= since);
    },
    lastLook: (session) => courses.get(session)?.at,
  };
}

function tenths(milliseconds: number): number {
  return Math.ceil(milliseconds / 100) / 10;
}
