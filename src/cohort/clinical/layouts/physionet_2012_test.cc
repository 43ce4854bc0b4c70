#include "cohort/clinical/testing_folders.h"

namespace understudy {
namespace {

constexpr const char* kOutcomes =
    "RecordID,SAPS-I,SOFA,Length_of_stay,Survival,In-hospital_death\n1001,6,1,5,-1,0\n1002,16,8,8,3,1\n";

Files folder_files() {
  return {{"set-a/1001.txt",
           "Time,Parameter,Value\n00:00,RecordID,1001\n00:00,Age,54\n00:00,Gender,0\n00:00,Height,-1\n00:00,ICUType,4\n"
           "00:00,Weight,-1\n00:07,HR,80\n00:37,HR,90\n10:00,Temp,37.26\n"},
          {"set-a/1002.txt",
           "Time,Parameter,Value\n00:00,RecordID,1002\n00:00,Age,76\n00:00,Gender,1\n00:00,ICUType,2\n"
           "47:59,Urine,60\n47:05,Urine,40\n"},
          {"Outcomes-a.txt", kOutcomes}};
}

ClinicalRead read_files(const Files& files, const std::string& path = "/set-a", const ReadOptions& options = {}) {
  return read_clinical("physionet-2012", {.path = clinical_folder("physionet-2012", files) + path, .rename = {}},
                       ward_schema(), options);
}

std::string refusal(const Files& files) {
  return refusal_of("physionet-2012",
                    {.path = clinical_folder("physionet-2012", files) + "/set-a", .rename = {}}, ward_schema());
}

const Texts kPeople = {"1001 age=54 sex=F died=false | 0 heart_rate=85 | 10 body_temperature=37.3",
                       "1002 age=76 sex=M died=true | 47 urine_output=100"};

TEST(Physionet2012, ReadsAFolderOfTextFiles) { EXPECT_EQ(shown(read_files(folder_files()).cohort), kPeople); }

TEST(Physionet2012, ReadsOneTable) {
  const Files files = {{"set-a.csv.gz",
                        "RecordID,Time,Parameter,Value\n1001,00:00,Age,54\n1001,00:00,Gender,0\n1001,00:07,HR,80\n"
                        "1001,00:37,HR,90\n1001,10:00,Temp,37.26\n1002,00:00,Age,76\n1002,00:00,Gender,1\n"
                        "1002,47:59,Urine,60\n1002,47:05,Urine,40\n"},
                       {"Outcomes-a.txt", kOutcomes}};
  EXPECT_EQ(shown(read_files(files, "/set-a.csv.gz").cohort), kPeople);
}

TEST(Physionet2012, RefusesBadRows) {
  Files files = folder_files();
  files["set-a/1001.txt"] += "11:00,HR,fast\n";
  expect_parts(refusal(files), {"not a number", "'fast'", "person 1001, minute 660"});
  files = folder_files();
  files["set-a/1001.txt"] += "-1:00,HR,80\n";
  expect_parts(refusal(files), {"before the admission", "person 1001, minute -60"});
  files = folder_files();
  files["set-a/1001.txt"] += "soon,HR,80\n";
  expect_parts(refusal(files), {"without a time"});
  files = folder_files();
  files["set-a/1002.txt"] = "Time,Parameter,Reading\n00:00,RecordID,1002\n";
  expect_parts(refusal(files), {"1002.txt", "another header"});
}

}  // namespace
}  // namespace understudy
