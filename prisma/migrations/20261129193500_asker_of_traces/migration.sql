-- Who asked, of either kind of trace: somebody's own are found for their copy, and for their erasure.
CREATE INDEX "decision_traces_asker_idx" ON "decision_traces"
  ((COALESCE("trace" #>> '{facts,principal,id}', "trace" #>> '{principal,id}')));
