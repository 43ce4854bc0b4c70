// Records whose key is a stay, made records of people.
#pragma once

#include "understudy/reader.h"

namespace understudy {

// Gives each person of the table one stay: the first of its lines that the cohort has. Other stays, and stays that the
// table does not name, are left out and counted. The result's subjects are people, in the usual order, and its schema is
// `schema`. ErrorKind::input when the table lacks a column, or names two people for one stay.
Cohort as_people(const Cohort& cohort, const Schema& schema, const PersonTable& table, const ReadOptions& options,
                 ReadReport& report);

}  // namespace understudy
