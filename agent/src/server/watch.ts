import type { Renewable } from "xswim";
import type { HostNodeOptions } from "xswim/node";
import type { ClusterView } from "./cluster-view.js";
import type { TroubleList } from "./info.js";

type Options = HostNodeOptions<Renewable, string, "text">;

/** Has the callbacks of a node tell the view first, and then those that are there already. */
export function watch(options: Options, view: ClusterView, troubles: TroubleList): void {
  const told: Options = { ...options };
  options.onMemberUp = (identity) => {
    view.up(identity);
    told.onMemberUp?.(identity);
  };
  options.onMemberDown = (identity) => {
    view.down(identity);
    told.onMemberDown?.(identity);
  };
  options.onMemberLeft = (identity) => {
    view.left(identity);
    (told.onMemberLeft ?? told.onMemberDown)?.(identity);
  };
  options.onMemberNap = (identity, ms) => {
    view.nap(identity, ms);
    told.onMemberNap?.(identity, ms);
  };
  options.onMemberOverdue = (identity) => {
    view.down(identity);
    told.onMemberOverdue?.(identity);
  };
  options.onSuspect = (identity, by) => {
    view.suspect(identity, by);
    told.onSuspect?.(identity, by);
  };
  options.onRefuted = (identity) => {
    view.refuted(identity);
    told.onRefuted?.(identity);
  };
  options.onRename = (before, after) => {
    view.renamed(after);
    told.onRename?.(before, after);
  };
  options.onRejoin = (identity) => {
    view.becameSelf(identity);
    told.onRejoin?.(identity);
  };
  options.onValue = (text, identity) => {
    view.valueCame(text, identity);
    told.onValue?.(text, identity);
  };
  options.onRoundTrip = (identity, ms) => {
    view.answered(identity, ms);
    told.onRoundTrip?.(identity, ms);
  };
  options.onDatagramReceived = (header) => {
    view.heard(header.source);
    told.onDatagramReceived?.(header);
  };
  options.onTrouble = (trouble) => {
    troubles.add(trouble);
    told.onTrouble?.(trouble);
  };
}
