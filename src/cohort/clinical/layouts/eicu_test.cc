#include "cohort/clinical/testing_folders.h"

namespace understudy {
namespace {

Files folder_files() {
  return {
      {"patient.csv",
       "patientunitstayid,patienthealthsystemstayid,uniquepid,gender,age,ethnicity,apacheadmissiondx,hospitalid,"
       "admissionheight,hospitaladmitoffset,hospitaldischargeyear,hospitaldischargeoffset,hospitaldischargestatus,"
       "unittype,unitadmitsource,unitvisitnumber,admissionweight,unitdischargeoffset\n"
       "2,200,002-1,Female,> 89,Asian,,5,160,-60,2014,3000,Alive,MICU,ED,2,50,600\n"
       "1,200,002-1,Female,> 89,Asian,,5,160,-60,2014,3000,Alive,MICU,ED,1,50,600\n"
       "3,300,002-2,Male,61,,,6,,0,2015,120,Expired,SICU,ED,1,,200\n"},
      {"vitalPeriodic.csv",
       "patientunitstayid,observationoffset,temperature,sao2,heartrate,respiration,cvp,systemicsystolic,"
       "systemicdiastolic,systemicmean\n"
       "1,5,,98,80,12,,,,\n1,10,37.26,98,90,12,,,,\n2,10,,,70,,,,,\n3,60,,,100,,,,,\n"},
      {"vitalAperiodic.csv",
       "patientunitstayid,observationoffset,noninvasivesystolic,noninvasivediastolic,noninvasivemean\n"},
      {"lab.csv",
       "patientunitstayid,labresultoffset,labname,labresult,labresulttext,labmeasurenamesystem\n"
       "1,70,glucose,108,108,mg/dL\n1,70,bedside glucose,6,6,mmol/L\n"},
      {"intakeOutput.csv",
       "patientunitstayid,intakeoutputoffset,cellpath,celllabel,cellvaluenumeric,cellvaluetext\n"
       "3,60,flowsheet|Intake & Output|Output (ml)|Urine,Urine,100,100\n"
       "3,90,flowsheet|Intake & Output|Intake (ml)|Urine,Urine,30,30\n"},
  };
}

ClinicalRead read_files(const Files& files, const ReadOptions& options = {}, const Schema& schema = ward_schema()) {
  return read_clinical("eicu", {.path = clinical_folder("eicu", files), .rename = {}}, schema, options);
}

std::string refusal(const Files& files) {
  return refusal_of("eicu", {.path = clinical_folder("eicu", files), .rename = {}}, ward_schema());
}

TEST(Eicu, ReadsTheFirstUnitStayOfEachPerson) {
  const ClinicalRead got = read_files(folder_files());
  EXPECT_EQ(shown(got.cohort),
            (Texts{"002-1 age=90 sex=F died=false | 0 heart_rate=85 body_temperature=37.3 | 1 glucose=108",
                   "002-2 age=61 sex=M died=true | 1 heart_rate=100 urine_output=100"}));
}

TEST(Eicu, VisitsAreUnitStaysAtUnknownDistances) {
  Files files = folder_files();
  files["diagnosis.csv"] = "diagnosisid,patientunitstayid,icd9code\n1,2,\"428.0, I50.9\"\n2,3,250.00\n";
  const ClinicalRead got = read_files(files, {}, visit_schema());
  EXPECT_EQ(shown(got.cohort), (Texts{"002-1 age=90 | 0 length_of_stay_hours=10 died=false heart_rate=85"
                                      " | 1 length_of_stay_hours=10 died=false heart_rate=70 icd9:428",
                                      "002-2 age=61 | 0 length_of_stay_hours=3.3 died=true heart_rate=100 icd9:250"}));
}

TEST(Eicu, CodesOfBothRevisionsBeginWithE) {
  Files files = folder_files();
  files["diagnosis.csv"] = "diagnosisid,patientunitstayid,icd9code\n1,2,\"276.8, E87.6\"\n2,2,E980.9\n3,2,V58.61\n";
  Schema schema = visit_schema();
  schema.columns.back().categories = {"icd9:E87", "icd9:E9809", "icd9:V58", "icd10:E876", "icd10:E98"};
  const Cohort cohort = read_files(files, {}, schema).cohort;
  EXPECT_EQ(cohort.series.column("diagnoses").codes(1), (std::vector<std::int32_t>{1, 2, 3}));
}

TEST(Eicu, TimesMustLieBetweenAdmissionAndDeath) {
  Files files = folder_files();
  files["lab.csv"] += "1,-61,glucose,100,100,mg/dL\n";
  expect_parts(refusal(files), {"lab.csv", "before the admission", "person 002-1, minute -61"});
  files = folder_files();
  files["lab.csv"] += "3,121,glucose,100,100,mg/dL\n";
  expect_parts(refusal(files), {"after the death", "person 002-2, minute 121"});
  files = folder_files();
  files["lab.csv"] += "1,-60,glucose,100,100,mg/dL\n1,20,glucose,100,100,furlong\n1,20,glucose,,moderate,mg/dL\n";
  const ClinicalRead got = read_files(files, lenient());
  EXPECT_EQ(problems_of(got.report),
            (Texts{"glucose: in a unit that glucose is not known in x 1", "glucose: not a number x 1"}));
  EXPECT_TRUE(got.cohort == read_files(folder_files()).cohort);  // an hour before the stay is outside the window
  const ClinicalRead early = read_files(files, lenient(), ward_schema("h", "time_minimum = -1"));
  EXPECT_EQ(early.cohort.times.number(0), -1);
}

TEST(Eicu, RepeatedValuesAreRefusedOrCounted) {
  Files files = folder_files();
  files["lab.csv"] += "1,70,glucose,108,108,mg/dL\n";
  expect_parts(refusal(files), {"1 measurements", "twice", "duplicates = first"});
  const ClinicalRead got = read_files(files, lenient());
  EXPECT_EQ(problems_of(got.report), (Texts{"series columns: a repeated measurement x 1"}));
  EXPECT_TRUE(got.cohort == read_files(folder_files()).cohort);
}

}  // namespace
}  // namespace understudy
