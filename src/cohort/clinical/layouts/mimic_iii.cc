#include "cohort/clinical/layouts/mimic_iii.h"

namespace understudy {
namespace {

constexpr TableFile kTables[] = {
    {"patients", "PATIENTS", "subject_id:BIGINT gender dob:TIMESTAMP dod:TIMESTAMP"},
    {"admissions", "ADMISSIONS",
     "subject_id:BIGINT? hadm_id:BIGINT admittime:TIMESTAMP dischtime:TIMESTAMP? deathtime:TIMESTAMP admission_type insurance marital_status ethnicity "
     "hospital_expire_flag:BIGINT"},
    {"icustays", "ICUSTAYS",
     "subject_id:BIGINT hadm_id:BIGINT icustay_id:BIGINT first_careunit intime:TIMESTAMP outtime:TIMESTAMP"},
    {"diagnoses_icd", "DIAGNOSES_ICD", "hadm_id:BIGINT icd9_code", false},
    {"chartevents", "CHARTEVENTS",
     "subject_id:BIGINT charttime:TIMESTAMP itemid:BIGINT value valuenum:DOUBLE valueuom error?"},
    {"labevents", "LABEVENTS", "subject_id:BIGINT charttime:TIMESTAMP itemid:BIGINT value valuenum:DOUBLE valueuom"},
    {"outputevents", "OUTPUTEVENTS",
     "subject_id:BIGINT charttime:TIMESTAMP itemid:BIGINT value:DOUBLE valueuom iserror?", false},
    {"inputevents_mv", "INPUTEVENTS_MV", "subject_id:BIGINT starttime:TIMESTAMP itemid:BIGINT rate:DOUBLE rateuom",
     false},
    {"inputevents_cv", "INPUTEVENTS_CV", "subject_id:BIGINT charttime:TIMESTAMP itemid:BIGINT rate:DOUBLE rateuom",
     false},
};

constexpr std::string_view kStays = R"sql(
  SELECT i.subject_id AS subject, i.icustay_id AS stay, i.hadm_id AS visit, epoch_us(i.intime) AS ordinal,
    epoch_us(i.intime) / 6e7 AS start, epoch_us(i.outtime) / 6e7 AS stop,
    epoch_us(least(a.admittime, i.intime)) / 6e7 AS earliest,
    epoch_us(coalesce(a.deathtime, p.dod + INTERVAL 1 DAY)) / 6e7 AS latest,
    least(date_sub('year', p.dob, i.intime), 90) AS age,
    p.gender AS sex, a.ethnicity, a.insurance, a.marital_status, a.admission_type, i.first_careunit AS unit,
    CASE a.hospital_expire_flag WHEN 1 THEN 'true' WHEN 0 THEN 'false' END AS died,
    (epoch(i.outtime) - epoch(i.intime)) / 3600 AS length_of_stay_hours
  FROM icustays i LEFT JOIN admissions a ON a.hadm_id = i.hadm_id LEFT JOIN patients p ON p.subject_id = i.subject_id)sql";

// Admissions to the hospital, with or without intensive care.
constexpr std::string_view kVisits = R"sql(
  SELECT a.subject_id AS subject, a.hadm_id AS stay, a.hadm_id AS visit, epoch_us(a.admittime) AS ordinal,
    epoch_us(a.admittime) / 6e7 AS start, epoch_us(a.dischtime) / 6e7 AS stop, epoch_us(a.admittime) / 6e7 AS earliest,
    epoch_us(coalesce(a.deathtime, p.dod + INTERVAL 1 DAY)) / 6e7 AS latest,
    least(date_sub('year', p.dob, a.admittime), 90) AS age,
    p.gender AS sex, a.ethnicity, a.insurance, a.marital_status, a.admission_type,
    CASE a.hospital_expire_flag WHEN 1 THEN 'true' WHEN 0 THEN 'false' END AS died,
    (epoch(a.dischtime) - epoch(a.admittime)) / 3600 AS length_of_stay_hours
  FROM admissions a LEFT JOIN patients p ON p.subject_id = a.subject_id)sql";

constexpr EventSource kEvents[] = {
    {"chartevents", EventSource::Owner::subject,
     "SELECT subject_id AS subject, epoch_us(charttime) / 6e7 AS at, itemid AS item, "
     "CASE WHEN error = '1' THEN NULL ELSE valuenum END AS number, "
     "CASE WHEN error = '1' THEN 'marked as an error' ELSE coalesce(valuenum_text, value) END AS text, "
     "valueuom AS unit FROM chartevents"},
    {"labevents", EventSource::Owner::subject,
     "SELECT subject_id AS subject, epoch_us(charttime) / 6e7 AS at, itemid AS item, valuenum AS number, "
     "coalesce(valuenum_text, value) AS text, valueuom AS unit FROM labevents"},
    {"outputevents", EventSource::Owner::subject,
     "SELECT subject_id AS subject, epoch_us(charttime) / 6e7 AS at, itemid AS item, "
     "CASE WHEN iserror = '1' THEN NULL ELSE value END AS number, "
     "CASE WHEN iserror = '1' THEN 'marked as an error' ELSE value_text END AS text, valueuom AS unit FROM outputevents"},
    {"inputevents_mv", EventSource::Owner::subject,
     "SELECT subject_id AS subject, epoch_us(starttime) / 6e7 AS at, itemid AS item, rate AS number, "
     "rate_text AS text, rateuom AS unit FROM inputevents_mv"},
    {"inputevents_cv", EventSource::Owner::subject,
     "SELECT subject_id AS subject, epoch_us(charttime) / 6e7 AS at, itemid AS item, rate AS number, "
     "rate_text AS text, rateuom AS unit FROM inputevents_cv"},
};

// The diagnoses of the stay's admission.
constexpr CodeSource kCodes[] = {
    {"diagnoses_icd", CodeSource::Owner::visit, "SELECT hadm_id AS visit, 'icd9:' || trim(icd9_code) AS code FROM diagnoses_icd"},
};

constexpr std::string_view kCarries =
    "age:BIGINT sex ethnicity insurance marital_status admission_type unit died:BOOLEAN length_of_stay_hours:DOUBLE";

constexpr OutputFile kOutput[] = {
    {"PATIENTS.csv.gz",
     "SELECT key AS SUBJECT_ID, sex AS GENDER, CASE WHEN age >= 90 THEN origin - to_years(300) "
     "ELSE origin - to_hours(CAST(ceil(age * 8766.0) AS BIGINT)) - INTERVAL 90 DAY END AS DOB, "
     "CASE WHEN died THEN origin + to_minutes(minutes) END AS DOD FROM people ORDER BY key"},
    {"ADMISSIONS.csv.gz",
     "SELECT key AS SUBJECT_ID, 20000000 + visit AS HADM_ID, origin AS ADMITTIME, origin + to_minutes(minutes) AS DISCHTIME, "
     "CASE WHEN died THEN origin + to_minutes(minutes) END AS DEATHTIME, admission_type AS ADMISSION_TYPE, "
     "insurance AS INSURANCE, marital_status AS MARITAL_STATUS, ethnicity AS ETHNICITY, "
     "CAST(died AS INTEGER) AS HOSPITAL_EXPIRE_FLAG FROM visits ORDER BY visit"},
    {"ICUSTAYS.csv.gz",
     "SELECT key AS SUBJECT_ID, 20000000 + visit AS HADM_ID, 30000000 + visit AS ICUSTAY_ID, unit AS FIRST_CAREUNIT, "
     "unit AS LAST_CAREUNIT, origin AS INTIME, origin + to_minutes(minutes) AS OUTTIME, minutes / 1440 AS LOS "
     "FROM visits ORDER BY visit"},
    {"CHARTEVENTS.csv.gz",
     "SELECT key AS SUBJECT_ID, 20000000 + visit AS HADM_ID, 30000000 + visit AS ICUSTAY_ID, item AS ITEMID, "
     "origin + to_minutes(minute) AS CHARTTIME, coalesce(text, CAST(number AS VARCHAR)) AS VALUE, number AS VALUENUM, "
     "unit AS VALUEUOM, NULL::INTEGER AS ERROR FROM measurements WHERE source = 'chartevents'"},
    {"LABEVENTS.csv.gz",
     "SELECT key AS SUBJECT_ID, 20000000 + visit AS HADM_ID, item AS ITEMID, origin + to_minutes(minute) AS CHARTTIME, "
     "coalesce(text, CAST(number AS VARCHAR)) AS VALUE, number AS VALUENUM, unit AS VALUEUOM "
     "FROM measurements WHERE source = 'labevents'"},
    {"OUTPUTEVENTS.csv.gz",
     "SELECT key AS SUBJECT_ID, 20000000 + visit AS HADM_ID, 30000000 + visit AS ICUSTAY_ID, "
     "origin + to_minutes(minute) AS CHARTTIME, item AS ITEMID, number AS VALUE, unit AS VALUEUOM, "
     "NULL::INTEGER AS ISERROR FROM measurements WHERE source = 'outputevents'"},
    {"INPUTEVENTS_MV.csv.gz",
     "SELECT key AS SUBJECT_ID, 20000000 + visit AS HADM_ID, 30000000 + visit AS ICUSTAY_ID, "
     "origin + to_minutes(minute) AS STARTTIME, item AS ITEMID, number AS RATE, unit AS RATEUOM "
     "FROM measurements WHERE source = 'inputevents_mv'"},
    {"DIAGNOSES_ICD.csv.gz",
     "SELECT key AS SUBJECT_ID, 20000000 + visit AS HADM_ID, row_number() OVER (PARTITION BY visit ORDER BY code) AS SEQ_NUM, "
     "split_part(code, ':', 2) AS ICD9_CODE FROM codes ORDER BY ALL"},
    {"D_ITEMS.csv.gz",
     "SELECT item AS ITEMID, variable AS LABEL, source AS LINKSTO, unit AS UNITNAME FROM items WHERE source <> 'labevents'"},
    {"D_LABITEMS.csv.gz", "SELECT item AS ITEMID, variable AS LABEL FROM items WHERE source = 'labevents'"},
};

}  // namespace

const Layout kMimicIii = {
    .name = "mimic-iii",
    .summary = "MIMIC-III: one folder with ICUSTAYS and its other tables",
    .mark = "ICUSTAYS&CHARTEVENTS&PATIENTS",
    .tables = kTables,
    .stays = kStays,
    .events = kEvents,
    .codes = kCodes,
    .visits = kVisits,
    .carries = kCarries,
    .output = kOutput,
    .code_systems = "icd9:",
};

}  // namespace understudy
