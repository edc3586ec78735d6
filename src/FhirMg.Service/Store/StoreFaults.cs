using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace FhirMg.Service.Store;

/// <summary>Tells faults of the store from others.</summary>
internal static class StoreFaults
{
    /// <summary>Whether the store is away or refused what it was asked: what was meant for it can be done later, or must be said to be lost.</summary>
    public static bool IsOfStore(Exception fault) =>
        fault is DbException or DbUpdateException

        // EF wraps what might pass by itself, such as a connection that broke.
        || (fault is InvalidOperationException { InnerException: { } inner } && (IsOfStore(inner) || inner is TimeoutException or IOException));

    /// <summary>The same of work that does nothing but use the store: there drivers say of a connection that is gone that the operation is invalid.</summary>
    public static bool IsOfStoreWork(Exception fault) => IsOfStore(fault) || fault is InvalidOperationException;

    /// <summary>Whether the store is there, but a value is none that it takes (SQLSTATE 22: data, 23: integrity): trying again helps nothing.</summary>
    public static bool IsOfData(Exception fault) => fault is DbException { SqlState: ['2', '2' or '3', ..] };
}
