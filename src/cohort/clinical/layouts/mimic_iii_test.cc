#include "cohort/clinical/testing_folders.h"

namespace understudy {
namespace {

Files folder_files() {
  return {
      {"PATIENTS.csv",
       "subject_id,gender,dob,dod\n10,F,2050-01-01 00:00:00,\n11,M,1800-01-01 00:00:00,2100-01-01 00:00:00\n"},
      {"ADMISSIONS.csv",
       "hadm_id,admittime,deathtime,admission_type,insurance,marital_status,ethnicity,hospital_expire_flag\n"
       "100,2100-01-01 00:00:00,,EMERGENCY,Private,SINGLE,WHITE,0\n"
       "101,2100-01-01 00:00:00,,EMERGENCY,Private,SINGLE,WHITE,1\n"},
      {"ICUSTAYS.csv",
       "subject_id,hadm_id,icustay_id,first_careunit,intime,outtime\n"
       "11,101,1001,MICU,2100-01-01 00:00:00,2100-01-01 06:00:00\n"
       "10,100,1000,SICU,2100-01-01 00:00:00,2100-01-02 00:00:00\n"},
      {"CHARTEVENTS.csv",
       "subject_id,charttime,itemid,value,valuenum,valueuom,error\n"
       "10,2100-01-01 00:10:00,211,80,80,BPM,\n10,2100-01-01 00:20:00,220045,90,90,bpm,0\n"
       "11,2100-01-01 01:00:00,678,98.6,98.6,Deg. F,\n11,2100-01-01 01:30:00,676,38,38,Deg. C,\n"
       "11,2100-01-01 07:00:00,211,60,60,BPM,\n"},
      {"LABEVENTS.csv",
       "subject_id,charttime,itemid,value,valuenum,valueuom\n10,2100-01-01 02:00:00,50931,108,108,mg/dL\n"},
      {"OUTPUTEVENTS.csv",
       "subject_id,charttime,itemid,value,valueuom,iserror\n10,2100-01-01 02:00:00,40055,100,ml,\n"
       "10,2100-01-01 02:10:00,226559,20,ml,\n"},
  };
}

ClinicalRead read_files(const Files& files, const ReadOptions& options = {}) {
  const Source source = {.path = clinical_folder("mimic-iii", files), .rename = {}};
  return read_clinical("mimic-iii", source, ward_schema(), options);
}

std::string refusal(const Files& files) {
  return refusal_of("mimic-iii", {.path = clinical_folder("mimic-iii", files), .rename = {}}, ward_schema());
}

TEST(MimicIii, ReadsBothItsSystems) {
  const ClinicalRead got = read_files(folder_files());
  EXPECT_EQ(shown(got.cohort), (Texts{"10 age=50 sex=F died=false | 0 heart_rate=85 | 2 glucose=108 urine_output=120",
                                      "11 age=90 sex=M died=true | 1 body_temperature=37.5"}));
  EXPECT_EQ(left_out_of(got.report), (Texts{"outside the window of the stay x 1"}));
}

TEST(MimicIii, WhatWasMarkedAsAnErrorIsRefused) {
  Files files = folder_files();
  files["CHARTEVENTS.csv"] += "10,2100-01-01 03:00:00,211,80,80,BPM,1\n";
  expect_parts(refusal(files), {"CHARTEVENTS.csv", "not a number", "marked as an error"});
  EXPECT_EQ(problems_of(read_files(files, lenient()).report), (Texts{"heart_rate: not a number x 1"}));
  files = folder_files();
  files["CHARTEVENTS.csv"] += "11,2100-01-02 00:01:00,211,80,80,BPM,\n";  // a day after the day of death
  expect_parts(refusal(files), {"after the death", "person 11"});
  files = folder_files();
  files.erase("CHARTEVENTS.csv");
  expect_parts(refusal(files), {"CHARTEVENTS"});
}

}  // namespace
}  // namespace understudy
