#include "cohort/clinical/testing_folders.h"

namespace understudy {
namespace {

constexpr const char* kHeader = "subject_id,time,code,numeric_value,text_value\n";

// 10 has a unit stay inside a hospital stay, 11 a hospital stay, 12 neither.
const char* const kTen =
    "10,,GENDER//F,,\n10,2040-01-01 00:00:00,MEDS_BIRTH,,\n"
    "10,2099-12-31 12:00:00,HOSPITAL_ADMISSION//URGENT//ED,,\n10,2100-01-01 00:00:00,ICU_ADMISSION//MICU,,\n"
    "10,2100-01-01 00:10:00,LAB//220045//bpm,80,80\n10,2100-01-01 00:50:00,LAB//220045//UNK,90,90\n"
    "10,2100-01-01 02:00:00,LAB//223761//°F,98.6,98.6\n10,2100-01-01 02:00:00,LAB//RESULT//50931//mmol/L,6,6\n"
    "10,2100-01-01 02:00:00,LAB//SPECIMEN_COLLECTED//50931,,\n"
    "10,2100-01-01 03:00:00,SUBJECT_FLUID_OUTPUT//226559//mL,70,\n"
    "10,2100-01-02 00:00:00,ICU_DISCHARGE//MICU,,\n10,2100-01-02 01:00:00,LAB//220045//bpm,60,60\n"
    "10,2100-01-03 00:00:00,HOSPITAL_DISCHARGE//HOME,,\n";
const char* const kOthers =
    "11,,GENDER//M,,\n11,2030-01-01 00:00:00,MEDS_BIRTH,,\n11,2100-01-01 06:00:00,HOSPITAL_ADMISSION//ELECTIVE,,\n"
    "11,2100-01-01 07:30:00,UNDERSTUDY//heart_rate,75.5,\n11,2100-01-02 06:00:00,HOSPITAL_DISCHARGE//DIED,,\n"
    "11,2100-01-02 06:00:00,MEDS_DEATH,,\n"
    "12,2100-01-05 00:00:00,UNDERSTUDY//glucose,100,\n12,2100-01-05 05:00:00,UNDERSTUDY//glucose,110,\n";

Files folder_files(const std::string& more = "") {
  return {{"data/train/0.parquet", std::string(kHeader) + kTen + more},
          {"data/held_out/0.parquet", std::string(kHeader) + kOthers},
          {"metadata/codes.parquet", "code,description\nMEDS_BIRTH,birth\n"}};
}

ClinicalRead read_files(const Files& files, const ReadOptions& options = {}) {
  return read_clinical("meds", {.path = clinical_folder("meds", files), .rename = {}}, ward_schema(), options);
}

std::string refusal(const std::string& more) {
  return refusal_of("meds", {.path = clinical_folder("meds", folder_files(more)), .rename = {}}, ward_schema());
}

const Texts kPeople = {
    "10 age=60 sex=F died=false | 0 heart_rate=85 | 2 body_temperature=37 glucose=108.1 | 3 urine_output=70",
    "11 age=70 sex=M died=true | 1 heart_rate=75.5", "12 died=false | 0 glucose=100 | 5 glucose=110"};

TEST(Meds, ReadsEachKindOfStay) {
  const ClinicalRead got = read_files(folder_files());
  EXPECT_EQ(shown(got.cohort), kPeople);
  EXPECT_TRUE(got.report.problems.empty());
  EXPECT_EQ(got.report.rows, 21);
}

TEST(Meds, ReadsOneFile) {
  const std::string folder = clinical_folder("meds", {{"all.parquet", std::string(kHeader) + kTen + kOthers}});
  const Source file = {.path = folder + "/all.parquet", .rename = {}};
  EXPECT_EQ(shown(read_clinical("meds", file, ward_schema()).cohort), kPeople);
  const std::string one = clinical_folder("meds", {{"data/0.parquet", std::string(kHeader) + kTen + kOthers}});
  EXPECT_EQ(shown(read_clinical("meds", {.path = one, .rename = {}}, ward_schema()).cohort), kPeople);
}

TEST(Meds, NumbersOf32BitsAreWhatWasMeant) {
  const std::string folder = clinical_folder("meds", {{"data/readme.txt", ""}});
  Database database({.paths = {folder + "/data/0.parquet"}});
  database.query(
      "COPY (SELECT 1::BIGINT AS subject_id, TIMESTAMP '2100-01-01' AS time, 'UNDERSTUDY//heart_rate' AS code, "
      "80.1::FLOAT AS numeric_value) TO " + sql_text(folder + "/data/0.parquet") + " (FORMAT parquet)");
  const Cohort cohort = read_clinical("meds", {.path = folder, .rename = {}}, ward_schema()).cohort;
  EXPECT_EQ(cohort.series.column("heart_rate").number(0), 80.1);
}

TEST(Meds, RefusesBadRows) {
  expect_parts(refusal("10,2100-01-01 05:00:00,LAB//50931//stones,6,\n"), {"glucose", "LAB//50931", "6 stones"});
  expect_parts(refusal("10,2100-01-01 05:00:00,LAB//50931//mg/dL,,high\n"), {"not a number", "'high'"});
  expect_parts(refusal("10,,LAB//50931//mg/dL,6,\n"), {"without a time", "person 10"});
  expect_parts(refusal("11,2100-01-02 06:01:00,LAB//220045//bpm,80,\n"), {"after the death", "person 11, minute 1441"});
  const ClinicalRead got = read_files(folder_files("10,2099-12-31 10:00:00,LAB//220045//bpm,80,\n"));
  EXPECT_EQ(shown(got.cohort), kPeople);  // before the stay
  const Files files = {{"data/0.parquet", "subject_id,time,code\n1,2100-01-01,x\n"}};
  expect_parts(refusal_of("meds", {.path = clinical_folder("meds", files), .rename = {}}, ward_schema()),
               {"'numeric_value'"});
  expect_parts(refusal_of("meds", {.path = clinical_folder("meds", {{"x.csv", "a\n"}}), .rename = {}}, ward_schema()),
               {"no table data"});
}

}  // namespace
}  // namespace understudy
