using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace FhirMg.Service.Store;

/// <summary>Erases rows of every table: one patient's traces, what is too old, what has expired.</summary>
internal sealed class Erasure(IDbContextFactory<ServiceStore> stores)
{
    /// <summary>Erases all traces of a patient, in one transaction.</summary>
    /// <param name="server">Name of the server whose patient it is.</param>
    /// <param name="patient">The patient, as <c>Patient/id</c>.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The number of rows erased, by table.</returns>
    public async Task<IReadOnlyList<(string Table, int Rows)>> ErasePatientAsync(string server, string patient, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        var erased = new List<(string, int)>();
        foreach (var type in store.Model.GetEntityTypes().Where(type => type.ClrType.IsAssignableTo(typeof(IPatientTrace))))
        {
            erased.Add((type.GetTableName()!, await On(type.ClrType).ErasePatientAsync(store, server, patient, cancellationToken)));
        }

        await transaction.CommitAsync(cancellationToken);
        return erased;
    }

    /// <summary>Erases what happened before a time, and what has expired by now.</summary>
    /// <returns>The number of rows erased.</returns>
    public async Task<int> EraseOldAsync(DateTimeOffset before, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var erased = 0;
        foreach (var type in store.Model.GetEntityTypes().Select(type => type.ClrType))
        {
            erased += type.IsAssignableTo(typeof(IRetained)) ? await On(type).EraseBeforeAsync(store, nameof(IRetained.At), before, cancellationToken) : 0;
            erased += type.IsAssignableTo(typeof(IRetainedByDay)) ? await On(type).EraseBeforeAsync(store, DayOf(before), cancellationToken) : 0;
            erased += type.IsAssignableTo(typeof(IExpiring)) ? await On(type).EraseBeforeAsync(store, nameof(IExpiring.ExpiresAt), now, cancellationToken) : 0;
        }

        return erased;
    }

    /// <summary>The day of a time in UTC, as <see cref="IRetainedByDay"/> has it.</summary>
    public static int DayOf(DateTimeOffset time) => int.Parse(time.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static TableErasure On(Type type) => (TableErasure)Activator.CreateInstance(typeof(TableErasure<>).MakeGenericType(type))!;

    private abstract class TableErasure
    {
        public abstract Task<int> ErasePatientAsync(ServiceStore store, string server, string patient, CancellationToken cancellationToken);

        public abstract Task<int> EraseBeforeAsync(ServiceStore store, string column, DateTimeOffset time, CancellationToken cancellationToken);

        public abstract Task<int> EraseBeforeAsync(ServiceStore store, int day, CancellationToken cancellationToken);
    }

    private sealed class TableErasure<T> : TableErasure
        where T : class
    {
        public override Task<int> ErasePatientAsync(ServiceStore store, string server, string patient, CancellationToken cancellationToken)
        {
            // The digest is of both, so it is told apart without the server's name. A row that names the patient and no server may be about this one.
            var digest = PatientDigest.Text(PatientDigest.Of(server, patient));
            return store.Set<T>()
                .Where(row => ((EF.Property<string?>(row, nameof(IPatientTrace.Server)) == server || EF.Property<string?>(row, nameof(IPatientTrace.Server)) == null) && EF.Property<string>(row, nameof(IPatientTrace.Patient)) == patient)
                    || EF.Property<string>(row, nameof(IPatientTrace.Patient)) == digest)
                .ExecuteDeleteAsync(cancellationToken);
        }

        public override Task<int> EraseBeforeAsync(ServiceStore store, string column, DateTimeOffset time, CancellationToken cancellationToken) =>
            store.Set<T>().Where(row => EF.Property<DateTimeOffset>(row, column) < time).ExecuteDeleteAsync(cancellationToken);

        public override Task<int> EraseBeforeAsync(ServiceStore store, int day, CancellationToken cancellationToken) =>
            store.Set<T>().Where(row => EF.Property<int>(row, nameof(IRetainedByDay.Day)) < day).ExecuteDeleteAsync(cancellationToken);
    }
}
