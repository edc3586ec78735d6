using System.Security.Cryptography;
using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;

namespace FhirMg.Service.Screenings;

/// <summary>The screenings in the store. Several instances share it: a lease says who works on what.</summary>
internal sealed class ScreeningJobs(IDbContextFactory<ServiceStore> stores, TimeProvider time)
{
    /// <summary>How long an instance holds a job without a sign of life.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private const int Listed = 100;
    private const int IdLength = 32;

    /// <summary>A name that cannot be guessed.</summary>
    public static string NewId() => RandomNumberGenerator.GetHexString(IdLength, lowercase: true);

    /// <summary>Whether a text has the form of an id of ours.</summary>
    public static bool IsId(string text) => text.Length == IdLength && text.All(char.IsAsciiHexDigitLower);

    public async Task AddAsync(ScreeningJob job, CancellationToken cancellation)
    {
        await using var store = await stores.CreateDbContextAsync(cancellation);
        store.Add(job);
        await store.SaveChangesAsync(cancellation);
    }

    /// <summary>The job of that id; null when there is none.</summary>
    public async Task<ScreeningJob?> FindAsync(string id, CancellationToken cancellation)
    {
        await using var store = await stores.CreateDbContextAsync(cancellation);
        return await store.Set<ScreeningJob>().AsNoTracking().FirstOrDefaultAsync(job => job.Id == id, cancellation);
    }

    /// <summary>The newest jobs, the newest first.</summary>
    public async Task<IReadOnlyList<ScreeningJob>> ListAsync(CancellationToken cancellation)
    {
        await using var store = await stores.CreateDbContextAsync(cancellation);
        return await store.Set<ScreeningJob>().AsNoTracking().OrderByDescending(job => job.At).Take(Listed).ToListAsync(cancellation);
    }

    /// <summary>Asks for a job to be stopped; one that nobody has begun is stopped at once.</summary>
    public async Task CancelAsync(string id, CancellationToken cancellation)
    {
        await using var store = await stores.CreateDbContextAsync(cancellation);
        var now = time.GetUtcNow();
        await store.Set<ScreeningJob>().Where(job => job.Id == id && job.State == ScreeningState.Waiting)
            .ExecuteUpdateAsync(set => set.SetProperty(job => job.IsCancelRequested, true).SetProperty(job => job.State, ScreeningState.Cancelled)
                .SetProperty(job => job.EndedAt, now).SetProperty(job => job.Phase, "cancelled"), cancellation);

        // After the other: an instance may have begun it meanwhile, or have let go of it, and whoever has it next heeds this.
        await store.Set<ScreeningJob>().Where(job => job.Id == id && (job.State == ScreeningState.Running || job.State == ScreeningState.Waiting))
            .ExecuteUpdateAsync(set => set.SetProperty(job => job.IsCancelRequested, true), cancellation);
    }

    /// <summary>Takes the oldest job that nobody works on, and whose server no other job works at; null when there is none.</summary>
    public async Task<ScreeningJob?> TakeAsync(string owner, CancellationToken cancellation)
    {
        await using var store = await stores.CreateDbContextAsync(cancellation);
        var now = time.GetUtcNow();
        var candidates = await store.Set<ScreeningJob>().AsNoTracking()
            .Where(job => job.State == ScreeningState.Waiting || (job.State == ScreeningState.Running && job.LeaseUntil < now))
            .OrderBy(job => job.At).Take(Listed).ToListAsync(cancellation);
        foreach (var candidate in candidates)
        {
            // One statement decides: of two instances that try, one changes the row.
            var until = now + Lease;
            var taken = await store.Set<ScreeningJob>()
                .Where(job => job.Id == candidate.Id && (job.State == ScreeningState.Waiting || (job.State == ScreeningState.Running && job.LeaseUntil < now)))
                .Where(job => !store.Set<ScreeningJob>().Any(other => other.Server == job.Server && other.Id != job.Id && other.State == ScreeningState.Running && other.LeaseUntil >= now))
                .ExecuteUpdateAsync(set => set.SetProperty(job => job.State, ScreeningState.Running).SetProperty(job => job.Owner, owner).SetProperty(job => job.LeaseUntil, until), cancellation);
            if (taken == 1)
            {
                return await FindAsync(candidate.Id, cancellation);
            }
        }

        return null;
    }

    /// <summary>Tells how far a job has come, and holds on to it.</summary>
    /// <returns>Whether the job is still ours; and whether somebody wants it stopped.</returns>
    public async Task<(bool IsOurs, bool IsCancelRequested)> TellAsync(ScreeningJob job, string owner, CancellationToken cancellation)
    {
        await using var store = await stores.CreateDbContextAsync(cancellation);
        var until = time.GetUtcNow() + Lease;
        var told = await store.Set<ScreeningJob>().Where(row => row.Id == job.Id && row.Owner == owner && row.State == ScreeningState.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LeaseUntil, until).SetProperty(row => row.Phase, job.Phase).SetProperty(row => row.Done, job.Done)
                .SetProperty(row => row.Total, job.Total).SetProperty(row => row.Said, job.Said).SetProperty(row => row.Patients, job.Patients), cancellation);
        return (told == 1, told == 1 && await store.Set<ScreeningJob>().AnyAsync(row => row.Id == job.Id && row.IsCancelRequested, cancellation));
    }

    /// <summary>Ends a job that is ours.</summary>
    public async Task EndAsync(ScreeningJob job, string owner)
    {
        await using var store = await stores.CreateDbContextAsync();
        var now = time.GetUtcNow();
        await store.Set<ScreeningJob>().Where(row => row.Id == job.Id && row.Owner == owner)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, job.State).SetProperty(row => row.Phase, job.Phase).SetProperty(row => row.EndedAt, now)
                .SetProperty(row => row.Owner, (string?)null).SetProperty(row => row.Problems, job.Problems).SetProperty(row => row.Notes, job.Notes)
                .SetProperty(row => row.Patients, job.Patients).SetProperty(row => row.Done, job.Done).SetProperty(row => row.Total, job.Total).SetProperty(row => row.Said, (string?)null));
    }

    /// <summary>Lets go of a job that goes on later, here or in another instance.</summary>
    public async Task ReleaseAsync(ScreeningJob job, string owner)
    {
        await using var store = await stores.CreateDbContextAsync();
        await store.Set<ScreeningJob>().Where(row => row.Id == job.Id && row.Owner == owner && row.State == ScreeningState.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, ScreeningState.Waiting).SetProperty(row => row.Owner, (string?)null));
    }
}
