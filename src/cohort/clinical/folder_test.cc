#include "cohort/clinical/folder.h"

#include "cohort/clinical/testing_folders.h"

namespace understudy {
namespace {

constexpr TableFile kTables[] = {
    {"people", "people|persons", "Id:BIGINT Name? Born:BIGINT?"},
    {"visits", "more/visits", "Id:BIGINT", false},
};
constexpr TableFile kParts[] = {{"parts", "*.csv", "x:BIGINT filename"}};
constexpr TableFile kDeep[] = {{"deep", "data/**/*.parquet", "x:BIGINT"}};
const Layout kToy = {"toy", "toys", "people", kTables, "", {}};
const Layout kToyParts = {"parts", "toys", "*.csv", kParts, "", {}};
const Layout kToyDeep = {"deep", "toys", "data/**/*.parquet", kDeep, "", {}};

Folder open(const Layout& layout, const std::string& path, Folder::Cells cells = Folder::Cells::text,
            const std::map<std::string, std::string>& renames = {}) {
  return Folder(layout, {.path = path, .rename = renames}, {}, cells, Context{});
}

// The rows of a query, cells separated by blanks; a null is "-".
Texts rows_of(Folder& folder, const std::string& columns, const std::string& from) {
  Result result = folder.database().query(
      fmt::format("SELECT concat_ws(' ', *COLUMNS(*)) FROM (SELECT coalesce(CAST(COLUMNS(*) AS VARCHAR), '-') FROM "
                  "(SELECT {} FROM {})) ORDER BY 1", columns, from));
  Texts rows;
  while (result.next()) {
    for (std::int64_t row = 0; row < result.rows(); ++row) rows.emplace_back(result.text(0, row));
  }
  return rows;
}

TEST(Folder, ViewsHaveTheListedColumns) {
  const std::string path = clinical_folder("toy", {{"PEOPLE.csv", "extra,ID,BORN\nx,7,2000\ny,8,soon\n"}});
  Folder folder = open(kToy, path);
  EXPECT_EQ(rows_of(folder, "Id, Id_text, Name, Born, Born_text", "people"),
            (Texts{"7 7 - 2000 2000", "8 8 - - soon"}));
  EXPECT_EQ(rows_of(folder, "Id", "visits"), Texts{});
  EXPECT_TRUE(folder.file("people").ends_with("PEOPLE.csv"));
  EXPECT_EQ(folder.file("visits"), "");
  EXPECT_EQ(rows_of(folder, "a, b", "(SELECT getvariable('has_people') AS a, getvariable('has_visits') AS b)"),
            (Texts{"true false"}));
  Folder typed = open(kToy, path, Folder::Cells::typed);
  EXPECT_THROW(rows_of(typed, "Born", "people"), DatabaseError);
}

TEST(Folder, TheFirstOfSeveralNamesCounts) {
  const std::string path = clinical_folder("toy", {{"persons.csv.gz", "Id\n7\n"}, {"more/visits.parquet", "Id\n9\n"}});
  Folder folder = open(kToy, path);
  EXPECT_EQ(rows_of(folder, "Id", "people"), (Texts{"7"}));
  EXPECT_EQ(rows_of(folder, "Id", "visits"), (Texts{"9"}));
}

TEST(Folder, RenamesColumns) {
  const std::string path = clinical_folder("toy", {{"people.csv", "key,label\n7,x\n"}});
  Folder folder = open(kToy, path, Folder::Cells::text, {{"key", "Id"}, {"label", "Name"}});
  EXPECT_EQ(rows_of(folder, "Id, Name", "people"), (Texts{"7 x"}));
  const std::map<std::string, std::string> wrong = {{"key", "Id"}, {"no", "Name"}};
  expect_parts(error_of(ErrorKind::input, [&] { open(kToy, path, Folder::Cells::text, wrong); }), {"'no'", "'Name'"});
}

TEST(Folder, ManyFilesAreOneTable) {
  Folder folder = open(kToyParts, clinical_folder("toy", {{"a.csv", "x\n1\n"}, {"b.csv", "x\n2\n"}}));
  EXPECT_EQ(rows_of(folder, "x, parse_filename(filename)", "parts"), (Texts{"1 a.csv", "2 b.csv"}));
  Folder deep = open(kToyDeep, clinical_folder("toy", {{"data/0.parquet", "x\n1\n"}, {"data/a/b/1.parquet", "x\n2\n"},
                                                       {"other/2.parquet", "x\n3\n"}}));
  EXPECT_EQ(rows_of(deep, "x", "deep"), (Texts{"1", "2"}));
}

TEST(Folder, KnowsItsMark) {
  const std::string path = clinical_folder("toy", {{"people.csv", "Id\n7\n"}});
  EXPECT_TRUE(is_folder_of(kToy, path));
  EXPECT_FALSE(is_folder_of(kToyDeep, path));
  EXPECT_FALSE(is_folder_of(kToy, path + "/people.csv"));
  EXPECT_FALSE(is_folder_of(kToy, path + "/nowhere"));
}

TEST(Folder, RefusesWhatIsMissingOrUnclear) {
  const auto refusal = [](const Files& files) {
    const std::string path = clinical_folder("toy", files);
    return error_of(ErrorKind::input, [&] { open(kToy, path); });
  };
  expect_parts(refusal({{"x.csv", "Id\n"}}), {"people|persons", "toy"});
  expect_parts(refusal({{"people.csv", "Name\nx\n"}}), {"people.csv", "'Id'", "'Name'"});
  expect_parts(refusal({{"people.csv", "Id,id\n1,2\n"}}), {"people.csv", "'Id'", "twice"});
  expect_parts(refusal({{"people.csv", "Id\n1\n"}, {"people.csv.gz", "Id\n1\n"}}),
               {"people.csv", "people.csv.gz", "leave one"});
  expect_parts(error_of(ErrorKind::input, [] { open(kToy, "/nowhere"); }), {"/nowhere", "toy"});
}

}  // namespace
}  // namespace understudy
