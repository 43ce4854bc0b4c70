#include "cohort/clinical/layouts/mimic_iii.h"

namespace understudy {
namespace {

constexpr TableFile kTables[] = {
    {"patients", "PATIENTS", "subject_id:BIGINT gender dob:TIMESTAMP dod:TIMESTAMP"},
    {"admissions", "ADMISSIONS",
     "hadm_id:BIGINT admittime:TIMESTAMP deathtime:TIMESTAMP admission_type insurance marital_status ethnicity "
     "hospital_expire_flag:BIGINT"},
    {"icustays", "ICUSTAYS",
     "subject_id:BIGINT hadm_id:BIGINT icustay_id:BIGINT first_careunit intime:TIMESTAMP outtime:TIMESTAMP"},
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
  SELECT i.subject_id AS subject, i.icustay_id AS stay, epoch_us(i.intime) AS ordinal,
    epoch_us(i.intime) // 60000000 AS start, epoch_us(i.outtime) // 60000000 AS stop,
    epoch_us(least(a.admittime, i.intime)) // 60000000 AS earliest,
    epoch_us(coalesce(a.deathtime, p.dod + INTERVAL 1 DAY)) // 60000000 AS latest,
    least(date_sub('year', p.dob, i.intime), 90) AS age,
    p.gender AS sex, a.ethnicity, a.insurance, a.marital_status, a.admission_type, i.first_careunit AS unit,
    CASE a.hospital_expire_flag WHEN 1 THEN 'true' WHEN 0 THEN 'false' END AS died,
    (epoch(i.outtime) - epoch(i.intime)) / 3600 AS length_of_stay_hours
  FROM icustays i LEFT JOIN admissions a ON a.hadm_id = i.hadm_id LEFT JOIN patients p ON p.subject_id = i.subject_id)sql";

constexpr EventSource kEvents[] = {
    {"chartevents", EventSource::Owner::subject,
     "SELECT subject_id AS subject, epoch_us(charttime) // 60000000 AS at, itemid AS item, "
     "CASE WHEN error = '1' THEN NULL ELSE valuenum END AS number, "
     "CASE WHEN error = '1' THEN 'marked as an error' ELSE coalesce(valuenum_text, value) END AS text, "
     "valueuom AS unit FROM chartevents"},
    {"labevents", EventSource::Owner::subject,
     "SELECT subject_id AS subject, epoch_us(charttime) // 60000000 AS at, itemid AS item, valuenum AS number, "
     "coalesce(valuenum_text, value) AS text, valueuom AS unit FROM labevents"},
    {"outputevents", EventSource::Owner::subject,
     "SELECT subject_id AS subject, epoch_us(charttime) // 60000000 AS at, itemid AS item, "
     "CASE WHEN iserror = '1' THEN NULL ELSE value END AS number, "
     "CASE WHEN iserror = '1' THEN 'marked as an error' ELSE value_text END AS text, valueuom AS unit FROM outputevents"},
    {"inputevents_mv", EventSource::Owner::subject,
     "SELECT subject_id AS subject, epoch_us(starttime) // 60000000 AS at, itemid AS item, rate AS number, "
     "rate_text AS text, rateuom AS unit FROM inputevents_mv"},
    {"inputevents_cv", EventSource::Owner::subject,
     "SELECT subject_id AS subject, epoch_us(charttime) // 60000000 AS at, itemid AS item, rate AS number, "
     "rate_text AS text, rateuom AS unit FROM inputevents_cv"},
};

}  // namespace

const Layout kMimicIii = {
    "mimic-iii", "MIMIC-III: one folder with ICUSTAYS and its other tables", "ICUSTAYS&CHARTEVENTS&PATIENTS", kTables,
    kStays, kEvents,
};

}  // namespace understudy
