#include "cohort/clinical/layouts/mimic_iv.h"

namespace understudy {
namespace {

constexpr TableFile kTables[] = {
    {"patients", "hosp/patients", "subject_id:BIGINT gender anchor_age:BIGINT anchor_year:BIGINT dod:TIMESTAMP"},
    {"admissions", "hosp/admissions",
     "subject_id:BIGINT hadm_id:BIGINT admittime:TIMESTAMP dischtime:TIMESTAMP deathtime:TIMESTAMP admission_type "
     "insurance? marital_status? race? hospital_expire_flag:BIGINT"},
    {"icustays", "icu/icustays",
     "subject_id:BIGINT hadm_id:BIGINT stay_id:BIGINT first_careunit intime:TIMESTAMP outtime:TIMESTAMP"},
    {"diagnoses_icd", "hosp/diagnoses_icd", "hadm_id:BIGINT icd_code icd_version", false},
    {"chartevents", "icu/chartevents|icu/chartevents_numeric",
     "subject_id:BIGINT charttime:TIMESTAMP itemid:BIGINT value? valuenum:DOUBLE valueuom"},
    {"labevents", "hosp/labevents",
     "subject_id:BIGINT charttime:TIMESTAMP itemid:BIGINT value? valuenum:DOUBLE valueuom"},
    {"outputevents", "icu/outputevents", "subject_id:BIGINT charttime:TIMESTAMP itemid:BIGINT value:DOUBLE valueuom",
     false},
    {"inputevents", "icu/inputevents",
     "subject_id:BIGINT starttime:TIMESTAMP itemid:BIGINT rate:DOUBLE rateuom? statusdescription?", false},
};

constexpr std::string_view kStays = R"sql(
  SELECT i.subject_id AS subject, i.stay_id AS stay, i.hadm_id AS visit, epoch_us(i.intime) AS ordinal,
    epoch_us(i.intime) / 6e7 AS start, epoch_us(i.outtime) / 6e7 AS stop,
    epoch_us(least(a.admittime, i.intime)) / 6e7 AS earliest,
    epoch_us(coalesce(a.deathtime, p.dod + INTERVAL 1 DAY)) / 6e7 AS latest,
    p.anchor_age + year(i.intime) - p.anchor_year AS age, p.gender AS sex, a.race AS ethnicity, a.insurance,
    a.marital_status, a.admission_type, i.first_careunit AS unit,
    CASE a.hospital_expire_flag WHEN 1 THEN 'true' WHEN 0 THEN 'false' END AS died,
    (epoch(i.outtime) - epoch(i.intime)) / 3600 AS length_of_stay_hours
  FROM icustays i LEFT JOIN admissions a ON a.hadm_id = i.hadm_id LEFT JOIN patients p ON p.subject_id = i.subject_id)sql";

// Admissions to the hospital, with or without intensive care.
constexpr std::string_view kVisits = R"sql(
  SELECT a.subject_id AS subject, a.hadm_id AS stay, a.hadm_id AS visit, epoch_us(a.admittime) AS ordinal,
    epoch_us(a.admittime) / 6e7 AS start, epoch_us(a.dischtime) / 6e7 AS stop, epoch_us(a.admittime) / 6e7 AS earliest,
    epoch_us(coalesce(a.deathtime, p.dod + INTERVAL 1 DAY)) / 6e7 AS latest,
    p.anchor_age + year(a.admittime) - p.anchor_year AS age, p.gender AS sex, a.race AS ethnicity, a.insurance,
    a.marital_status, a.admission_type,
    CASE a.hospital_expire_flag WHEN 1 THEN 'true' WHEN 0 THEN 'false' END AS died,
    (epoch(a.dischtime) - epoch(a.admittime)) / 3600 AS length_of_stay_hours
  FROM admissions a LEFT JOIN patients p ON p.subject_id = a.subject_id)sql";

constexpr EventSource kEvents[] = {
    {"chartevents", EventSource::Owner::subject,
     "SELECT subject_id AS subject, epoch_us(charttime) / 6e7 AS at, itemid AS item, valuenum AS number, "
     "coalesce(valuenum_text, value) AS text, valueuom AS unit FROM chartevents"},
    {"labevents", EventSource::Owner::subject,
     "SELECT subject_id AS subject, epoch_us(charttime) / 6e7 AS at, itemid AS item, valuenum AS number, "
     "coalesce(valuenum_text, value) AS text, valueuom AS unit FROM labevents"},
    {"outputevents", EventSource::Owner::subject,
     "SELECT subject_id AS subject, epoch_us(charttime) / 6e7 AS at, itemid AS item, value AS number, "
     "value_text AS text, valueuom AS unit FROM outputevents"},
    {"inputevents", EventSource::Owner::subject,
     "SELECT subject_id AS subject, epoch_us(starttime) / 6e7 AS at, itemid AS item, rate AS number, "
     "rate_text AS text, rateuom AS unit FROM inputevents"},
};

// The diagnoses of the stay's admission.
constexpr CodeSource kCodes[] = {
    {"diagnoses_icd", CodeSource::Owner::visit,
     "SELECT hadm_id AS visit, 'icd' || trim(icd_version) || ':' || trim(icd_code) AS code FROM diagnoses_icd"},
};

constexpr std::string_view kCarries =
    "age:BIGINT sex ethnicity insurance marital_status admission_type unit died:BOOLEAN length_of_stay_hours:DOUBLE";

constexpr OutputFile kOutput[] = {
    {"hosp/patients.csv.gz",
     "SELECT key AS subject_id, sex AS gender, age AS anchor_age, year(origin) AS anchor_year, "
     "NULL::VARCHAR AS anchor_year_group, CASE WHEN died THEN CAST(origin + to_minutes(minutes) AS DATE) END AS dod "
     "FROM people ORDER BY key"},
    {"hosp/admissions.csv.gz",
     "SELECT key AS subject_id, 20000000 + visit AS hadm_id, origin AS admittime, origin + to_minutes(minutes) AS dischtime, "
     "CASE WHEN died THEN origin + to_minutes(minutes) END AS deathtime, admission_type, insurance, marital_status, "
     "ethnicity AS race, CAST(died AS INTEGER) AS hospital_expire_flag FROM visits ORDER BY visit"},
    {"icu/icustays.csv.gz",
     "SELECT key AS subject_id, 20000000 + visit AS hadm_id, 30000000 + visit AS stay_id, unit AS first_careunit, "
     "unit AS last_careunit, origin AS intime, origin + to_minutes(minutes) AS outtime, minutes / 1440 AS los "
     "FROM visits ORDER BY visit"},
    {"icu/chartevents.csv.gz",
     "SELECT key AS subject_id, 20000000 + visit AS hadm_id, 30000000 + visit AS stay_id, origin + to_minutes(minute) AS charttime, "
     "item AS itemid, coalesce(text, CAST(number AS VARCHAR)) AS value, number AS valuenum, unit AS valueuom "
     "FROM measurements WHERE source = 'chartevents'"},
    {"hosp/labevents.csv.gz",
     "SELECT row_number() OVER () AS labevent_id, key AS subject_id, 20000000 + visit AS hadm_id, item AS itemid, "
     "origin + to_minutes(minute) AS charttime, coalesce(text, CAST(number AS VARCHAR)) AS value, number AS valuenum, "
     "unit AS valueuom FROM measurements WHERE source = 'labevents'"},
    {"icu/outputevents.csv.gz",
     "SELECT key AS subject_id, 20000000 + visit AS hadm_id, 30000000 + visit AS stay_id, origin + to_minutes(minute) AS charttime, "
     "item AS itemid, number AS value, unit AS valueuom FROM measurements WHERE source = 'outputevents'"},
    {"icu/inputevents.csv.gz",
     "SELECT key AS subject_id, 20000000 + visit AS hadm_id, 30000000 + visit AS stay_id, origin + to_minutes(minute) AS starttime, "
     "item AS itemid, number AS rate, unit AS rateuom FROM measurements WHERE source = 'inputevents'"},
    {"hosp/diagnoses_icd.csv.gz",
     "SELECT key AS subject_id, 20000000 + visit AS hadm_id, row_number() OVER (PARTITION BY visit ORDER BY code) AS seq_num, "
     "split_part(code, ':', 2) AS icd_code, replace(split_part(code, ':', 1), 'icd', '') AS icd_version FROM codes ORDER BY ALL"},
    {"icu/d_items.csv.gz",
     "SELECT item AS itemid, variable AS label, source AS linksto, unit AS unitname FROM items WHERE source <> 'labevents'"},
    {"hosp/d_labitems.csv.gz", "SELECT item AS itemid, variable AS label FROM items WHERE source = 'labevents'"},
};

}  // namespace

const Layout kMimicIv = {
    .name = "mimic-iv",
    .summary = "MIMIC-IV: folders hosp and icu",
    .mark = "icu/icustays&hosp/patients",
    .tables = kTables,
    .stays = kStays,
    .events = kEvents,
    .codes = kCodes,
    .visits = kVisits,
    .carries = kCarries,
    .output = kOutput,
    .code_systems = "icd9: icd10:",
};

}  // namespace understudy
