#include "cohort/clinical/layouts/eicu.h"

namespace understudy {
namespace {

constexpr TableFile kTables[] = {
    {"patient", "patient",
     "patientunitstayid:BIGINT patienthealthsystemstayid:BIGINT uniquepid gender age ethnicity apacheadmissiondx "
     "hospitalid admissionheight hospitaladmitoffset:BIGINT hospitaldischargeyear:BIGINT hospitaldischargeoffset:BIGINT "
     "hospitaldischargestatus unittype unitadmitsource unitvisitnumber:BIGINT admissionweight "
     "unitdischargeoffset:BIGINT"},
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

}  // namespace

const Layout kEicu = {
    "eicu", "eICU: one folder with patient and its other tables", "patient&vitalAperiodic", kTables, kStays, kEvents,
};

}  // namespace understudy
