-- CreateIndex
CREATE INDEX "factor_challenges_user_id_idx" ON "factor_challenges"("user_id");

-- CreateIndex
CREATE INDEX "sign_in_flows_user_id_idx" ON "sign_in_flows"("user_id");

-- CreateIndex
CREATE INDEX "sign_in_flows_session_id_idx" ON "sign_in_flows"("session_id");
