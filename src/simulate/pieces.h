// What each kind of dirt does to the samples.
#ifndef ROLEMIX_SIMULATE_PIECES_H_
#define ROLEMIX_SIMULATE_PIECES_H_

#include "simulate/dirt.h"
#include "simulate/ground.h"

namespace rolemix::simulation {

// Values that are not what was measured.
void put_units(Ground& ground);
void put_partial(Ground& ground);
void put_zeros(Ground& ground);
void put_sentinels(Ground& ground);
void put_resets(Ground& ground);
void put_outliers(Ground& ground);

// Rows that are missing, too many, late, or of another host than before.
void put_intervals(Ground& ground);
void put_gaps(Ground& ground);
void put_ahead(Ground& ground);
void put_shifts(Ground& ground);
void put_repeats(Ground& ground);
void put_renames(Ground& ground);

}  // namespace rolemix::simulation

#endif  // ROLEMIX_SIMULATE_PIECES_H_
