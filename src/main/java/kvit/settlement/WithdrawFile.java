package kvit.settlement;

import static kvit.settlement.SettlementProblem.SETTLEMENT_FILE_CONTINUED;
import static kvit.settlement.SettlementProblem.SETTLEMENT_FILE_DOES_NOT_COUNT;
import static kvit.settlement.SettlementProblem.SETTLEMENT_FILE_POSTED;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;
import java.util.UUID;
import kvit.operate.FourEyes;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.settlement.FileView.State;
import kvit.settlement.FileView.Withdrawal;
import kvit.source.Clock;

/**
 * A file that is good in form and wrong in fact: another merchant's, or another day's. It is kept,
 * and from then on it is neither about its batch nor in its account's chain, so the right one can
 * come. What a run has posted stays; its breaks are settled, and what is missing comes by itself.
 */
@ApplicationScoped
class WithdrawFile implements FourEyes<WithdrawFile.Payload> {

    record Payload(UUID file) {}

    private final SourceStore sources;
    private final FileStore files;
    private final LineStore lines;
    private final PostedFiles posted;
    private final Clock clock;

    WithdrawFile(
            SourceStore sources,
            FileStore files,
            LineStore lines,
            PostedFiles posted,
            Clock clock) {
        this.sources = sources;
        this.files = files;
        this.lines = lines;
        this.posted = posted;
        this.clock = clock;
    }

    /**
     * What two would have to want.
     *
     * @throws Problem NOT_FOUND, SETTLEMENT_FILE_DOES_NOT_COUNT, SETTLEMENT_FILE_POSTED,
     *     SETTLEMENT_FILE_CONTINUED
     */
    Payload withdrawal(UUID id) {
        requireWithdrawable(require(id));
        return new Payload(id);
    }

    private FileView require(UUID id) {
        return files.find(id)
                .orElseThrow(() -> GeneralProblem.NOT_FOUND.because("There is no such file."));
    }

    private void requireWithdrawable(FileView file) {
        if (file.state() != State.VALIDATED) {
            throw SETTLEMENT_FILE_DOES_NOT_COUNT.because(
                    "It is " + file.state().name().toLowerCase(Locale.ROOT) + ".");
        }
        posted.runOf(file.id())
                .ifPresent(
                        it -> {
                            throw SETTLEMENT_FILE_POSTED
                                    .because("Settle its breaks; what was matched stays.")
                                    .with("runId", it);
                        });
        lines.behind(file.id())
                .ifPresent(
                        it -> {
                            throw SETTLEMENT_FILE_CONTINUED
                                    .because("Withdraw that one first.")
                                    .with("fileId", it);
                        });
    }

    @Override
    public String action() {
        return "settlement-files.withdraw";
    }

    @Override
    public Class<Payload> payload() {
        return Payload.class;
    }

    @Override
    public String resource(Payload payload) {
        return payload.file().toString();
    }

    @Override
    public String basis(Payload payload) {
        return files.find(payload.file()).map(it -> it.state().name()).orElse("none");
    }

    @Override
    public Object state(Payload payload) {
        return require(payload.file());
    }

    /**
     * Withdraws it.
     *
     * @throws Problem as {@link #withdrawal}, where a run or a statement has come in between
     */
    @Override
    public void carryOut(Payload payload, Agreed agreed) {
        sources.lock(require(payload.file()).source());
        files.lock(payload.file()).ifPresent(this::requireWithdrawable);
        var withdrawal =
                new Withdrawal(
                        clock.instant(), agreed.proposedBy(), agreed.approvedBy(), agreed.reason());
        if (!files.withdraw(payload.file(), withdrawal)) {
            throw new IllegalStateException("not withdrawn under lock: " + payload.file());
        }
    }
}
