// What Swift can't see of MPI: its constants are macros that cast addresses.
#pragma once
#include <mpi.h>
#if __has_include(<malloc.h>)
#include <malloc.h>
#endif

/// Every step asks for the same memory as the step before: it isn't given back to the system in between.
static inline void keep_memory(void) {
#ifdef M_MMAP_THRESHOLD
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}

static inline MPI_Comm mpi_world(void) { return MPI_COMM_WORLD; }
static inline MPI_Request mpi_no_request(void) { return MPI_REQUEST_NULL; }

static inline int mpi_duplicate(MPI_Comm *copy) { return MPI_Comm_dup(MPI_COMM_WORLD, copy); }

/// The processes on this machine, the lowest rank first.
static inline int mpi_machine(int rank, MPI_Comm *machine) {
  return MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank, MPI_INFO_NULL, machine);
}

static inline int mpi_gather_bytes(
    const void *mine, int count, void *all, const int *counts, const int *places, MPI_Comm comm) {
  return MPI_Allgatherv(mine, count, MPI_BYTE, all, counts, places, MPI_BYTE, comm);
}

static inline int mpi_broadcast(void *bytes, int count, MPI_Comm comm) {
  return MPI_Bcast(bytes, count, MPI_BYTE, 0, comm);
}

static inline int mpi_begin_exchange(
    const float *given, const int *counts, const int *places, float *received, const int *receivedCounts,
    const int *receivedPlaces, MPI_Comm comm, MPI_Request *request) {
  return MPI_Ialltoallv(given, counts, places, MPI_FLOAT, received, receivedCounts, receivedPlaces, MPI_FLOAT,
                        comm, request);
}

static inline int mpi_begin_gathering(
    const float *mine, int count, float *all, const int *counts, const int *places, MPI_Comm comm,
    MPI_Request *request) {
  return MPI_Iallgatherv(mine, count, MPI_FLOAT, all, counts, places, MPI_FLOAT, comm, request);
}

static inline int mpi_begin_sum(
    const float *mine, float *sum, int count, MPI_Comm comm, MPI_Request *request) {
  return MPI_Iallreduce(mine, sum, count, MPI_FLOAT, MPI_SUM, comm, request);
}

static inline int mpi_test(MPI_Request *request, int *done) {
  return MPI_Test(request, done, MPI_STATUS_IGNORE);
}

static inline int mpi_wait(MPI_Request *request) { return MPI_Wait(request, MPI_STATUS_IGNORE); }
