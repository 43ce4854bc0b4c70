#include "cohort/clinical/layouts/physionet_2019.h"

namespace understudy {
namespace {

constexpr TableFile kTables[] = {
    {"records", "*.psv",
     "filename HR O2Sat Temp SBP MAP DBP Resp EtCO2 BaseExcess HCO3 FiO2 pH PaCO2 SaO2 AST BUN Alkalinephos Calcium "
     "Chloride Creatinine Bilirubin_direct Glucose Lactate Magnesium Phosphate Potassium Bilirubin_total TroponinI Hct "
     "Hgb PTT WBC Fibrinogen Platelets Age Gender Unit1 Unit2 HospAdmTime ICULOS:BIGINT SepsisLabel"},
};

constexpr std::string_view kStays = R"sql(
  WITH people AS (SELECT CAST(parse_filename(filename, true) AS VARCHAR) AS subject, max(ICULOS) AS hours,
      max(TRY_CAST(nullif(Age, 'NaN') AS DOUBLE)) AS age, max(TRY_CAST(Gender AS DOUBLE)) AS sex,
      min(TRY_CAST(nullif(HospAdmTime, 'NaN') AS DOUBLE)) AS admitted, max(TRY_CAST(SepsisLabel AS DOUBLE)) AS sepsis,
      bool_or(TRY_CAST(Unit1 AS DOUBLE) = 1) AS medical, bool_or(TRY_CAST(Unit2 AS DOUBLE) = 1) AS surgical
      FROM records GROUP BY filename)
  SELECT subject, subject AS stay, 0 AS ordinal, 0::BIGINT AS start, 60 * hours - 1 AS stop, 0::BIGINT AS earliest,
    NULL::BIGINT AS latest, CAST(floor(age) AS BIGINT) AS age, CASE sex WHEN 0 THEN 'F' WHEN 1 THEN 'M' END AS sex,
    CASE WHEN medical THEN 'medical' WHEN surgical THEN 'surgical' END AS unit,
    -admitted AS hospital_hours_before, CASE sepsis WHEN 1 THEN 'true' WHEN 0 THEN 'false' END AS sepsis,
    NULL::VARCHAR AS died, hours AS length_of_stay_hours
  FROM people)sql";

constexpr EventSource kEvents[] = {
    {"records", EventSource::Owner::stay,
     "SELECT CAST(parse_filename(filename, true) AS VARCHAR) AS stay, 60 * (ICULOS - 1) AS at, item, "
     "TRY_CAST(value AS DOUBLE) AS number, value AS text, NULL::VARCHAR AS unit FROM records "
     "UNPIVOT (value FOR item IN (HR, O2Sat, Temp, SBP, MAP, DBP, Resp, EtCO2, BaseExcess, HCO3, FiO2, pH, PaCO2, "
     "SaO2, AST, BUN, Alkalinephos, Calcium, Chloride, Creatinine, Bilirubin_direct, Glucose, Lactate, Magnesium, "
     "Phosphate, Potassium, Bilirubin_total, TroponinI, Hct, Hgb, PTT, WBC, Fibrinogen, Platelets)) "
     "WHERE value <> 'NaN'"},
};

}  // namespace

const Layout kPhysionet2019 = {
    "physionet-2019", "PhysioNet Challenge 2019: a folder of .psv files, one for each person", "*.psv", kTables,
    kStays, kEvents,
};

}  // namespace understudy
