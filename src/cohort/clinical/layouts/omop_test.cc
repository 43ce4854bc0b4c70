#include "cohort/clinical/testing_folders.h"

namespace understudy {
namespace {

constexpr const char* kMeasurement =
    "measurement_id,person_id,measurement_concept_id,measurement_date,measurement_datetime,value_as_number,"
    "value_source_value,unit_source_value,unit_concept_id\n";

Files folder_files(const std::string& ending = ".csv") {
  return {
      {"person" + ending,
       "PERSON_ID,GENDER_CONCEPT_ID,YEAR_OF_BIRTH,RACE_SOURCE_VALUE\n10,8532,2040,white\n11,8507,2030,\n12,0,2050,\n"},
      {"visit_occurrence" + ending,
       "visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_start_datetime,visit_end_date,"
       "visit_end_datetime\n"
       "101,10,9201,2100-03-01,2100-03-01 08:00:00,2100-03-05,2100-03-05 08:00:00\n"
       "100,10,9203,2100-01-01,2100-01-01 08:00:00,2100-01-02,2100-01-02 08:00:00\n"
       "102,11,9201,2100-01-01,,2100-01-03,\n"},
      {"measurement" + ending, std::string(kMeasurement) +
                                   "1,10,3027018,2100-01-01,2100-01-01 08:10:00,80,,bpm,\n"
                                   "2,10,3027018,2100-01-01,2100-01-01 08:50:00,90,,,8483\n"
                                   "3,10,3020891,2100-01-01,2100-01-01 10:00:00,98.6,,,9289\n"
                                   "4,10,3004501,2100-01-01,2100-01-01 11:00:00,6,,mmol/L,\n"
                                   "5,10,3027018,2100-03-01,2100-03-01 09:00:00,60,,bpm,\n"
                                   "6,11,3027018,2100-01-02,,70,,,8541\n"
                                   "7,11,3004501,2100-01-03,2100-01-03 23:00:00,100,,,0\n"
                                   "8,11,5,2100-01-03,2100-01-03 23:00:00,100,,,0\n"},
      {"death" + ending, "person_id,death_date,death_datetime\n11,2100-01-03,2100-01-03 00:00:00\n"},
  };
}

ClinicalRead read_files(const Files& files, const ReadOptions& options = {}, const Schema& schema = ward_schema()) {
  return read_clinical("omop", {.path = clinical_folder("omop", files), .rename = {}}, schema, options);
}

std::string refusal(const Files& files) {
  return refusal_of("omop", {.path = clinical_folder("omop", files), .rename = {}}, ward_schema());
}

const Texts kPeople = {"10 age=60 sex=F died=false | 0 heart_rate=85 | 2 body_temperature=37 | 3 glucose=108.1",
                       "11 age=70 sex=M died=true | 24 heart_rate=70 | 71 glucose=100"};

TEST(Omop, ReadsTheFirstVisitOfEachPerson) {
  const ClinicalRead got = read_files(folder_files());
  EXPECT_EQ(shown(got.cohort), kPeople);
  EXPECT_EQ(left_out_of(got.report), (Texts{"further stays of a person x 1", "of no variable of the schema x 1", "outside the window of the stay x 1"}));
}

TEST(Omop, ReadsParquet) { EXPECT_EQ(shown(read_files(folder_files(".parquet")).cohort), kPeople); }

TEST(Omop, IsFoundByItsTables) {
  ReadReport report;
  const std::vector<Source> sources = {{.path = clinical_folder("omop", folder_files()), .rename = {}}};
  EXPECT_EQ(shown(read_cohort(sources, ward_schema(), {}, report, Context{})), kPeople);
}

TEST(Omop, WithoutATableOfDeathsNobodyIsKnownToHaveDiedOrNot) {
  Files files = folder_files();
  files.erase("death.csv");
  EXPECT_EQ(shown(read_files(files).cohort)[1], "11 age=70 sex=M | 24 heart_rate=70 | 71 glucose=100");
}

TEST(Omop, RefusesBadRows) {
  Files files = folder_files();
  files["measurement.csv"] += "9,11,3027018,2100-01-04,2100-01-04 01:00:00,70,,bpm,\n";
  expect_parts(refusal(files), {"after the death", "person 11, minute 4380"});
  files = folder_files();
  files["measurement.csv"] += "9,10,3004501,2100-01-01,2100-01-01 12:00:00,70,,,4711\n";
  expect_parts(refusal(files), {"in a unit that 3004501 is not known in", "70 concept 4711"});
  files = folder_files();
  files["measurement.csv"] += "9,10,3004501,2100-01-01,2100-01-01 12:00:00,,high,mg/dL,\n";
  expect_parts(refusal(files), {"not a number", "'high'"});
  files = folder_files();
  files["measurement.csv"] += "9,10,3004501,,,70,,mg/dL,\n";
  expect_parts(refusal(files), {"without a time", "person 10"});
  files = folder_files();
  files["measurement.csv"] += "9,10,3004501,2100-01-01,2100-01-01 07:59:00,70,,mg/dL,\n";  // before the visit
  EXPECT_TRUE(read_files(files).cohort == read_files(folder_files()).cohort);
  files = folder_files();
  files.erase("visit_occurrence.csv");
  expect_parts(refusal(files), {"visit_occurrence"});
  files = folder_files();
  files["person.csv"] = "person_id,gender_concept_id\n10,8532\n";
  expect_parts(refusal(files), {"person.csv", "'year_of_birth'"});
}

TEST(Omop, VisitsSayMoreOfThePerson) {
  Schema schema = parse_schema(
      "[schema]\nsubject=\"person\"\n[[column]]\nname=\"admission_type\"\ntype=\"text\"\n[[column]]\n"
      "name=\"ethnicity\"\ntype=\"text\"\n",
      "s.toml");
  const Cohort cohort = read_files(folder_files(), {}, schema).cohort;
  EXPECT_EQ(cohort.statics.column("admission_type").string(0), "emergency");
  EXPECT_EQ(cohort.statics.column("ethnicity").string(0), "white");
  EXPECT_FALSE(cohort.statics.column("ethnicity").is_valid(1));
}

}  // namespace
}  // namespace understudy
