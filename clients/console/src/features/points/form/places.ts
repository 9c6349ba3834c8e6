/** Faults at their fields. */
import type { Fault } from "~/features/points/field-errors";
import type { Place } from "./rules-text";

const within = (fault: Fault, place: Place) => place.every((step, n) => fault.place[n] === step);

/** What is wrong at a place or within it, without the names of the part and the field that it stands at. */
export function faultAt(faults: Fault[], place: Place): string | undefined {
  return faults.find((fault) => within(fault, place))?.detail.replace(/^(“[^”]*”的 )?([\w.]+：)?/, "");
}

/** What is wrong with a place as a whole, not with something in it. */
export const faultOf = (faults: Fault[], place: Place): string | undefined =>
  faultAt(faults.filter((fault) => fault.place.length === place.length), place);

/** How much is wrong at a place and within it. */
export const faultsIn = (faults: Fault[], place: Place): number => faults.filter((fault) => within(fault, place)).length;
