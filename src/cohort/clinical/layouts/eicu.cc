#include "cohort/clinical/layouts/eicu.h"

namespace understudy {
namespace {

constexpr TableFile kTables[] = {
    {"patient", "patient",
     "patientunitstayid:BIGINT patienthealthsystemstayid:BIGINT uniquepid gender age ethnicity apacheadmissiondx "
     "hospitalid admissionheight hospitaladmitoffset:BIGINT hospitaldischargeyear:BIGINT hospitaldischargeoffset:BIGINT "
     "hospitaldischargestatus unittype unitadmitsource unitvisitnumber:BIGINT admissionweight "
     "unitdischargeoffset:BIGINT"},
    {"diagnosis", "diagnosis", "patientunitstayid:BIGINT icd9code", false},
    {"lab", "lab|lab_subset",
     "patientunitstayid:BIGINT labresultoffset:BIGINT labname labresult:DOUBLE labresulttext labmeasurenamesystem", false},
    {"vitalPeriodic", "vitalPeriodic",
     "patientunitstayid:BIGINT observationoffset:BIGINT temperature sao2 heartrate respiration cvp systemicsystolic "
     "systemicdiastolic systemicmean",
     false},
    {"vitalAperiodic", "vitalAperiodic",
     "patientunitstayid:BIGINT observationoffset:BIGINT noninvasivesystolic noninvasivediastolic noninvasivemean", false},
    {"nurseCharting", "nurseCharting",
     "patientunitstayid:BIGINT nursingchartoffset:BIGINT nursingchartcelltypevalname nursingchartvalue", false},
    {"respiratoryCharting", "respiratoryCharting",
     "patientunitstayid:BIGINT respchartoffset:BIGINT respchartvaluelabel respchartvalue", false},
    {"intakeOutput", "intakeOutput",
     "patientunitstayid:BIGINT intakeoutputoffset:BIGINT cellpath celllabel cellvaluenumeric:DOUBLE cellvaluetext", false},
    {"infusionDrug", "infusionDrug", "patientunitstayid:BIGINT infusionoffset:BIGINT drugname drugrate", false},
};

constexpr std::string_view kStays = R"sql(
  SELECT uniquepid AS subject, patientunitstayid AS stay,
    1e12 * hospitaldischargeyear + 1e2 * patienthealthsystemstayid + unitvisitnumber AS ordinal,
    0::BIGINT AS start, unitdischargeoffset AS stop, least(hospitaladmitoffset, 0) AS earliest,
    CASE WHEN hospitaldischargestatus = 'Expired' THEN hospitaldischargeoffset END AS latest,
    CASE WHEN starts_with(age, '>') THEN '90' ELSE age END AS age,
    CASE gender WHEN 'Female' THEN 'F' WHEN 'Male' THEN 'M' END AS sex, ethnicity,
    admissionheight AS height_cm, admissionweight AS weight_kg, unittype AS unit, unitadmitsource AS admission_type,
    hospitalid AS hospital, apacheadmissiondx AS diagnosis,
    CASE hospitaldischargestatus WHEN 'Expired' THEN 'true' WHEN 'Alive' THEN 'false' END AS died,
    unitdischargeoffset / 60 AS length_of_stay_hours
  FROM patient)sql";

constexpr EventSource kEvents[] = {
    {"lab", EventSource::Owner::stay,
     "SELECT patientunitstayid AS stay, labresultoffset AS at, labname AS item, labresult AS number, "
     "coalesce(labresult_text, labresulttext) AS text, labmeasurenamesystem AS unit FROM lab"},
    {"vitalPeriodic", EventSource::Owner::stay,
     "SELECT patientunitstayid AS stay, observationoffset AS at, item, TRY_CAST(value AS DOUBLE) AS number, value AS text, "
     "NULL::VARCHAR AS unit FROM vitalPeriodic UNPIVOT (value FOR item IN (temperature, sao2, heartrate, respiration, cvp, "
     "systemicsystolic, systemicdiastolic, systemicmean))"},
    {"vitalAperiodic", EventSource::Owner::stay,
     "SELECT patientunitstayid AS stay, observationoffset AS at, item, TRY_CAST(value AS DOUBLE) AS number, value AS text, "
     "NULL::VARCHAR AS unit FROM vitalAperiodic UNPIVOT (value FOR item IN (noninvasivesystolic, noninvasivediastolic, "
     "noninvasivemean))"},
    {"nurseCharting", EventSource::Owner::stay,
     "SELECT patientunitstayid AS stay, nursingchartoffset AS at, nursingchartcelltypevalname AS item, "
     "TRY_CAST(nursingchartvalue AS DOUBLE) AS number, nursingchartvalue AS text, NULL::VARCHAR AS unit FROM nurseCharting"},
    {"respiratoryCharting", EventSource::Owner::stay,
     "SELECT patientunitstayid AS stay, respchartoffset AS at, respchartvaluelabel AS item, "
     "TRY_CAST(rtrim(respchartvalue, '% ') AS DOUBLE) AS number, respchartvalue AS text, NULL::VARCHAR AS unit "
     "FROM respiratoryCharting"},
    {"intakeOutput", EventSource::Owner::stay,
     "SELECT patientunitstayid AS stay, intakeoutputoffset AS at, "
     "CASE WHEN contains(cellpath, '|Output (ml)|') THEN celllabel ELSE 'intake: ' || celllabel END AS item, "
     "cellvaluenumeric AS number, coalesce(cellvaluenumeric_text, cellvaluetext) AS text, NULL::VARCHAR AS unit "
     "FROM intakeOutput"},
    {"infusionDrug", EventSource::Owner::stay,
     "SELECT patientunitstayid AS stay, infusionoffset AS at, drugname AS item, TRY_CAST(drugrate AS DOUBLE) AS number, "
     "drugrate AS text, NULL::VARCHAR AS unit FROM infusionDrug"},
};

// "428.0, I50.9": the ninth and the tenth revision side by side. Codes of the ninth start with a digit, V, or E and three
// digits: E980.9 is of the ninth, E87.6 of the tenth.
constexpr CodeSource kCodes[] = {
    {"diagnosis", CodeSource::Owner::stay, R"sql(
      SELECT stay, CASE WHEN regexp_matches(code, '^([0-9V]|E[0-9]{3})') THEN 'icd9:' ELSE 'icd10:' END
        || replace(code, '.', '') AS code FROM (
        SELECT patientunitstayid AS stay, trim(unnest(string_split(icd9code, ','))) AS code FROM diagnosis)
      WHERE code <> '')sql"},
};

constexpr std::string_view kCarries =
    "age:BIGINT sex ethnicity height_cm:DOUBLE weight_kg:DOUBLE unit admission_type hospital diagnosis died:BOOLEAN "
    "length_of_stay_hours:DOUBLE";

constexpr OutputFile kOutput[] = {
    {"patient.csv.gz",
     "SELECT visit AS patientunitstayid, visit AS patienthealthsystemstayid, "
     "CASE sex WHEN 'F' THEN 'Female' WHEN 'M' THEN 'Male' END AS gender, "
     "CASE WHEN age >= 90 THEN '> 89' ELSE CAST(age AS VARCHAR) END AS age, ethnicity, hospital AS hospitalid, "
     "diagnosis AS apacheadmissiondx, height_cm AS admissionheight, 0 AS hospitaladmitoffset, 2014 AS hospitaldischargeyear, "
     "minutes AS hospitaldischargeoffset, CASE WHEN died THEN 'Expired' WHEN NOT died THEN 'Alive' END AS hospitaldischargestatus, "
     "unit AS unittype, admission_type AS unitadmitsource, 1 AS unitvisitnumber, weight_kg AS admissionweight, "
     "minutes AS unitdischargeoffset, subject AS uniquepid FROM visits ORDER BY visit"},
    {"diagnosis.csv.gz",
     "SELECT row_number() OVER () AS diagnosisid, visit AS patientunitstayid, 0 AS diagnosisoffset, "
     "regexp_replace(split_part(code, ':', 2), CASE WHEN starts_with(code, 'icd9:E') THEN '^(.{4})(.+)$' ELSE '^(.{3})(.+)$' END, "
     "'\\1.\\2') AS icd9code FROM codes ORDER BY ALL"},
    {"lab.csv.gz",
     "SELECT visit AS patientunitstayid, minute AS labresultoffset, item AS labname, number AS labresult, "
     "coalesce(text, CAST(number AS VARCHAR)) AS labresulttext, unit AS labmeasurenamesystem FROM measurements WHERE source = 'lab'"},
    {"vitalPeriodic.csv.gz",
     "SELECT visit AS patientunitstayid, minute AS observationoffset, max(number) FILTER (item = 'temperature') AS temperature, "
     "max(number) FILTER (item = 'sao2') AS sao2, max(number) FILTER (item = 'heartrate') AS heartrate, "
     "max(number) FILTER (item = 'respiration') AS respiration, max(number) FILTER (item = 'cvp') AS cvp, "
     "max(number) FILTER (item = 'systemicsystolic') AS systemicsystolic, "
     "max(number) FILTER (item = 'systemicdiastolic') AS systemicdiastolic, "
     "max(number) FILTER (item = 'systemicmean') AS systemicmean FROM measurements WHERE source = 'vitalPeriodic' "
     "GROUP BY visit, minute ORDER BY visit, minute"},
    {"vitalAperiodic.csv.gz",
     "SELECT visit AS patientunitstayid, minute AS observationoffset, "
     "max(number) FILTER (item = 'noninvasivesystolic') AS noninvasivesystolic, "
     "max(number) FILTER (item = 'noninvasivediastolic') AS noninvasivediastolic, "
     "max(number) FILTER (item = 'noninvasivemean') AS noninvasivemean FROM measurements WHERE source = 'vitalAperiodic' "
     "GROUP BY visit, minute ORDER BY visit, minute"},
    {"nurseCharting.csv.gz",
     "SELECT visit AS patientunitstayid, minute AS nursingchartoffset, item AS nursingchartcelltypevalname, "
     "coalesce(text, CAST(number AS VARCHAR)) AS nursingchartvalue FROM measurements WHERE source = 'nurseCharting'"},
    {"respiratoryCharting.csv.gz",
     "SELECT visit AS patientunitstayid, minute AS respchartoffset, item AS respchartvaluelabel, "
     "coalesce(text, CAST(number AS VARCHAR)) AS respchartvalue FROM measurements WHERE source = 'respiratoryCharting'"},
    {"intakeOutput.csv.gz",
     "SELECT visit AS patientunitstayid, minute AS intakeoutputoffset, "
     "'flowsheet|Flowsheet Cell Labels|I&O|Output (ml)|' || item AS cellpath, item AS celllabel, number AS cellvaluenumeric, "
     "CAST(number AS VARCHAR) AS cellvaluetext FROM measurements WHERE source = 'intakeOutput'"},
    {"infusionDrug.csv.gz",
     "SELECT visit AS patientunitstayid, minute AS infusionoffset, item AS drugname, CAST(number AS VARCHAR) AS drugrate "
     "FROM measurements WHERE source = 'infusionDrug'"},
};

}  // namespace

const Layout kEicu = {
    .name = "eicu",
    .summary = "eICU: one folder with patient and its other tables",
    .mark = "patient&vitalAperiodic",
    .tables = kTables,
    .stays = kStays,
    .events = kEvents,
    .codes = kCodes,
    .carries = kCarries,
    .output = kOutput,
    .code_systems = "icd9: icd10:",
};

}  // namespace understudy
