/** What the rule is: its title, agency, phase, regime, dates. */

import { t } from "../catalogue/index.ts";
import { DateField, FlagField, SelectField, TextField } from "../ui/field.tsx";
import { WordField } from "../ui/words.tsx";

const REGIMES = ["TBT-regulation", "TBT-conformity", "SPS", "customs", "other"];
const PHASES = ["classify", "record", "assess", "control"];
const DATES = ["acceptance", "arrival", "dispatch", "placing-on-market"];

export function About() {
  return (
    <div className="fields">
      <TextField path={["title"]} label={t("title")} hint={t("title.hint")} lines={2} wide />
      <WordField path={["agency"]} label={t("agency")} scope={{ kind: "agency" }} />
      <SelectField path={["phase"]} label={t("phase")} options={PHASES} named={(option) => t(`phase.${option}` as "phase.control")} />
      <SelectField path={["regime"]} label={t("regime")} options={REGIMES} named={(option) => t(`regime.${option}` as "regime.SPS")} />
      <SelectField
        path={["disclosure"]}
        label={t("disclosure")}
        options={["public", "agency", "restricted"]}
        absent="public"
        named={(option) => t(`disclosure.${option}` as "disclosure.public")}
      />
      <FlagField path={["mandate"]} label={t("mandate")} yes="mandate.true" no="mandate.false" />
      <SelectField
        path={["selection"]}
        label={t("selection")}
        options={["", "random", "scheme"]}
        absent=""
        named={(option) => t(option === "" ? "selection.none" : (`selection.${option}` as "selection.random"))}
      />
      <SelectField
        path={["date"]}
        label={t("date")}
        hint={t("date.hint")}
        options={DATES}
        absent="acceptance"
        named={(option) => t(`date.${option}` as "date.acceptance")}
      />
      <DateField path={["effective", "from"]} label={t("from")} />
      <DateField path={["effective", "until"]} label={t("until")} hint={t("until.hint")} />
      <DateField path={["review_by"]} label={t("review")} />
      <TextField path={["replaces"]} label={t("replaces")} hint={t("replaces.hint")} optional />
    </div>
  );
}
