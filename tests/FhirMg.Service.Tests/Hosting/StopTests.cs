using FhirMg.Service.Access;
using FhirMg.Service.Store;
using FhirMg.Service.Tests.Hooks;
using FhirMg.Simulators;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FhirMg.Service.Tests.Hosting;

/// <summary>Stopping loses nobody's request, and erasing leaves nothing behind.</summary>
public sealed class StopTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_in_flight_is_finished_and_logged_when_the_service_is_stopped()
    {
        using var hospital = Simulator.Start(Vendors.Hapi, Call.Resources("adult-mild-with-migraine")).Inject(Faults.Latency(TimeSpan.FromMilliseconds(700)));
        await using var service = await CardTests.StartAsync(server: hospital.BaseUrl);
        var calling = Call.Of("adult-mild-with-migraine").With(body => body.Remove("prefetch")).At(hospital.BaseUrl).SendAsync(service);
        while (hospital.Requests.Count == 0)
        {
            await Task.Delay(10, Cancellation);
        }

        Assert.False(calling.IsCompleted);
        await service.Services.GetRequiredService<IHost>().StopAsync(Cancellation);
        Assert.Equal(200, (await calling).Status);
        await using var store = await service.Services.GetRequiredService<IDbContextFactory<ServiceStore>>().CreateDbContextAsync(Cancellation);
        Assert.Equal(200, (await store.Set<AccessEntry>().SingleAsync(Cancellation)).Status);
    }

    [Fact]
    public async Task Every_table_is_erased_by_patient_and_by_age_or_holds_nothing_that_need_be()
    {
        // Keys of the service itself; and counts by day and rule, of nobody.
        string[] ofNobody = ["DataProtectionKeys", "CdsShownCards"], ageless = ["DataProtectionKeys"];
        await using var service = await CardTests.StartAsync();
        await using var store = await service.Services.GetRequiredService<IDbContextFactory<ServiceStore>>().CreateDbContextAsync(Cancellation);
        foreach (var type in store.Model.GetEntityTypes())
        {
            var table = type.GetTableName()!;
            var aged = type.ClrType.IsAssignableTo(typeof(IRetained)) || type.ClrType.IsAssignableTo(typeof(IExpiring)) || type.ClrType.IsAssignableTo(typeof(IRetainedByDay));
            Assert.True(aged || ageless.Contains(table), $"{table} keeps its rows for ever");

            // What expires within minutes or hours, or holds no reference to a patient, need not be found by patient; nothing else may say so.
            var traced = type.ClrType.IsAssignableTo(typeof(IPatientTrace)) || type.ClrType.IsAssignableTo(typeof(IExpiring));
            Assert.True(traced || ofNobody.Contains(table) || type.GetProperties().All(property => property.ClrType != typeof(string) || !property.Name.Contains("Patient", StringComparison.Ordinal)), $"{table} names patients that cannot be erased");
        }
    }

    [Fact]
    public async Task Counts_of_shown_cards_are_erased_by_age()
    {
        await using var service = await CardTests.StartAsync();
        await using var store = await service.Services.GetRequiredService<IDbContextFactory<ServiceStore>>().CreateDbContextAsync(Cancellation);
        foreach (var day in new[] { 20251030, 20251123, 20261122 })
        {
            store.Add(new Service.Hooks.Feedback.ShownCards { Day = day, Tenant = "hospital", Service = Call.PatientView, Rule = "RX-1", Knowledge = "k|1", Count = 1 });
        }

        await store.SaveChangesAsync(Cancellation);
        await service.Services.GetRequiredService<Erasure>().EraseOldAsync(SampleTime.AsOf.AddDays(-365), SampleTime.AsOf, Cancellation);
        Assert.Equal([20251123, 20261122], await store.Set<Service.Hooks.Feedback.ShownCards>().Where(row => row.Knowledge == "k|1").Select(row => row.Day).OrderBy(day => day).ToListAsync(Cancellation));
    }
}
