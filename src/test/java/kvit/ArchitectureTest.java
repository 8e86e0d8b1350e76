package kvit;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.persistence.Entity;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The map of the house. A new arrow is a decision: add it here, with the change that needs it. */
class ArchitectureTest {

    private static final JavaClasses KVIT =
            new ClassFileImporter()
                    .withImportOption(new DoNotIncludeTests())
                    .importPackages("kvit");

    /** Each package, and the others that it may use. */
    static final Map<String, Set<String>> MAY_USE = new LinkedHashMap<>();

    static {
        MAY_USE.put("money", Set.of());
        MAY_USE.put("source", Set.of());
        MAY_USE.put("database", Set.of());
        MAY_USE.put("batch", Set.of());
        MAY_USE.put("problem", Set.of("source"));
        MAY_USE.put("idempotency", Set.of("problem", "database"));
        MAY_USE.put("paging", Set.of("problem", "source"));
        MAY_USE.put("outbox", Set.of("source", "database"));
        MAY_USE.put("notice", Set.of("source", "database", "outbox"));
        MAY_USE.put("sms", Set.of("source", "database"));
        MAY_USE.put("ledger", Set.of("money", "problem", "source", "database"));
        MAY_USE.put("throttle", Set.of("source", "database"));
        MAY_USE.put(
                "identity",
                Set.of(
                        "problem",
                        "source",
                        "database",
                        "outbox",
                        "notice",
                        "sms",
                        "throttle",
                        "operate"));
        MAY_USE.put("operate", Set.of("problem", "source", "database", "paging", "throttle"));
        MAY_USE.put("rules", Set.of("money", "problem", "source", "database", "paging", "operate"));
        MAY_USE.put(
                "settlement",
                Set.of("money", "problem", "source", "database", "paging", "operate"));
        MAY_USE.put(
                "card",
                Set.of(
                        "money",
                        "problem",
                        "source",
                        "database",
                        "idempotency",
                        "outbox",
                        "notice",
                        "ledger",
                        "identity",
                        "rules"));
        MAY_USE.put(
                "topup",
                Set.of(
                        "money",
                        "problem",
                        "source",
                        "database",
                        "idempotency",
                        "paging",
                        "outbox",
                        "notice",
                        "ledger",
                        "identity",
                        "rules",
                        "card"));
        MAY_USE.put(
                "payout",
                Set.of(
                        "money",
                        "problem",
                        "source",
                        "database",
                        "idempotency",
                        "paging",
                        "outbox",
                        "notice",
                        "ledger",
                        "identity",
                        "rules",
                        "card"));
        MAY_USE.put(
                "dispute",
                Set.of(
                        "money",
                        "problem",
                        "source",
                        "database",
                        "outbox",
                        "notice",
                        "ledger",
                        "card",
                        "topup",
                        "identity",
                        "operate",
                        "rules",
                        "paging",
                        "payout"));
        MAY_USE.put(
                "transfer",
                Set.of(
                        "batch",
                        "money",
                        "problem",
                        "idempotency",
                        "source",
                        "database",
                        "paging",
                        "outbox",
                        "notice",
                        "throttle",
                        "ledger",
                        "identity",
                        "operate",
                        "rules",
                        "card",
                        "topup"));
        MAY_USE.put(
                "request",
                Set.of(
                        "money",
                        "problem",
                        "idempotency",
                        "source",
                        "database",
                        "paging",
                        "outbox",
                        "notice",
                        "throttle",
                        "ledger",
                        "identity",
                        "rules",
                        "transfer"));
        MAY_USE.put(
                "cases",
                Set.of(
                        "money",
                        "problem",
                        "paging",
                        "ledger",
                        "identity",
                        "operate",
                        "rules",
                        "card",
                        "payout",
                        "dispute",
                        "claim",
                        "transfer"));
        MAY_USE.put(
                "closing",
                Set.of(
                        "money",
                        "problem",
                        "source",
                        "database",
                        "paging",
                        "outbox",
                        "throttle",
                        "ledger",
                        "identity",
                        "operate",
                        "card",
                        "payout",
                        "transfer",
                        "request",
                        "books",
                        "friend",
                        "notice"));
        MAY_USE.put(
                "sandbox",
                Set.of(
                        "money",
                        "problem",
                        "source",
                        "database",
                        "outbox",
                        "sms",
                        "ledger",
                        "identity",
                        "operate",
                        "transfer",
                        "card",
                        "settlement"));
        MAY_USE.put(
                "books",
                Set.of("money", "problem", "source", "database", "paging", "ledger", "operate"));
        MAY_USE.put(
                "reconcile",
                Set.of(
                        "money",
                        "problem",
                        "source",
                        "database",
                        "paging",
                        "ledger",
                        "card",
                        "topup",
                        "payout",
                        "dispute",
                        "operate",
                        "settlement"));
        MAY_USE.put(
                "claim",
                Set.of(
                        "money",
                        "problem",
                        "source",
                        "database",
                        "paging",
                        "outbox",
                        "notice",
                        "ledger",
                        "identity",
                        "operate",
                        "payout",
                        "transfer"));
        MAY_USE.put(
                "friend",
                Set.of(
                        "problem",
                        "source",
                        "database",
                        "paging",
                        "outbox",
                        "throttle",
                        "ledger",
                        "identity",
                        "notice"));
        MAY_USE.put("feed", Set.of("problem", "database", "paging", "identity", "friend"));
        MAY_USE.put("stream", Set.of("problem", "notice", "identity"));
        MAY_USE.put(
                "webhook",
                Set.of("problem", "source", "database", "paging", "identity", "operate", "notice"));
        MAY_USE.put("boot", Set.of("operate", "card"));
    }

    static Set<String> packages() {
        return MAY_USE.keySet();
    }

    @ParameterizedTest
    @MethodSource("packages")
    void usesOnlyWhatItMay(String name) {
        var allowed = new TreeSet<String>();
        allowed.add("kvit." + name);
        MAY_USE.get(name).forEach(it -> allowed.add("kvit." + it));
        classes()
                .that()
                .resideInAPackage("kvit." + name)
                .should()
                .onlyDependOnClassesThat(
                        resideOutsideOfPackage("kvit..")
                                .or(resideInAnyPackage(allowed.toArray(String[]::new))))
                .check(KVIT);
    }

    @Test
    void everyClassIsOnTheMapAndNoPackageHasAnother() {
        var names = MAY_USE.keySet().stream().map(it -> "kvit." + it).toArray(String[]::new);
        classes().should().resideInAnyPackage(names).check(KVIT);
    }

    @Test
    void nothingGoesInCircles() {
        slices().matching("kvit.(*)").should().beFreeOfCycles().check(KVIT);
    }

    @Test
    void entitiesAndResourcesStayInTheirPackage() {
        classes()
                .that()
                .areAnnotatedWith(Entity.class)
                .or()
                .areAnnotatedWith(Path.class)
                .should()
                .notBePublic()
                .check(KVIT);
    }

    /** Quarkus REST drops a resource method that is not public, with no more than a warning. */
    @Test
    void operationsArePublic() {
        methods().that(are(operations())).should().bePublic().check(KVIT);
    }

    /** Default deny: who may call it is said of every single operation. */
    @Test
    void everyOperationNamesItsRole() {
        methods().that(are(operations())).should(nameTheirRole()).check(KVIT);
    }

    /**
     * A body is JSON: where nothing is said, a record of one text is read out of plain text as
     * well.
     */
    @Test
    void whatTakesABodyTakesJson() {
        methods()
                .that(are(operations()))
                .and()
                .areAnnotatedWith(POST.class)
                .or()
                .areAnnotatedWith(PATCH.class)
                .or()
                .areAnnotatedWith(PUT.class)
                .should()
                .beAnnotatedWith(Consumes.class)
                .check(KVIT);
    }

    @Test
    void resourcesReturnWhatTheySayAndCatchNothing() {
        methods().that(are(operations())).should().notHaveRawReturnType(Response.class).check(KVIT);
    }

    /**
     * What returns a stage runs on an event loop, where a query would keep everybody waiting. One
     * does, which asks nothing of the database before its list.
     */
    @Test
    void whatReturnsAStageMayWaitOrIsTheWayOfTransfers() {
        methods()
                .that(are(operations()))
                .and()
                .haveRawReturnType(CompletionStage.class)
                .and()
                .areNotDeclaredIn("kvit.transfer.TransferResource")
                .should()
                .beAnnotatedWith(Blocking.class)
                .check(KVIT);
    }

    @Test
    void onlySourceMakesTimeIdsAndChance() {
        noClasses()
                .that(are(outside("kvit.source")))
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDate.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .callMethod(ZonedDateTime.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callConstructor(Random.class)
                .orShould()
                .callConstructor(SecureRandom.class)
                .check(KVIT);
    }

    /** ASVS 11.2.4: comparing secrets byte by byte tells how far a guess was right. */
    @Test
    void codesAreComparedInConstantTime() {
        noClasses()
                .that()
                .haveSimpleNameStartingWith("Code")
                .or()
                .haveSimpleName("Cursors")
                .or()
                .haveSimpleName("ClientRecord")
                .should()
                .callMethod(Arrays.class, "equals", byte[].class, byte[].class)
                .check(KVIT);
    }

    @Test
    void everyPackageSaysWhatItIsAndWhichTablesItOwns() {
        for (var name : MAY_USE.keySet()) {
            assertThat(java.nio.file.Path.of("src/main/java/kvit", name, "package-info.java"))
                    .exists()
                    .content()
                    .containsIgnoringCase("owns")
                    .contains("@NullMarked");
        }
    }

    /** What the house does without. */
    @Test
    void noClassIsNamedForNothing() {
        for (var ending :
                List.of("Impl", "Manager", "Helper", "Util", "Utils", "Service", "Dto", "Common")) {
            noClasses().should().haveSimpleNameEndingWith(ending).check(KVIT);
        }
    }

    private static DescribedPredicate<JavaClass> outside(String name) {
        return not(resideInAnyPackage(name));
    }

    private static DescribedPredicate<JavaMethod> operations() {
        return DescribedPredicate.describe(
                "operations",
                method ->
                        method.getAnnotations().stream()
                                .map(JavaAnnotation::getRawType)
                                .anyMatch(it -> it.isAnnotatedWith(HttpMethod.class)));
    }

    private static ArchCondition<JavaMethod> nameTheirRole() {
        return new ArchCondition<>("name their role") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                var named =
                        List.of(RolesAllowed.class, PermitAll.class).stream()
                                .anyMatch(
                                        it ->
                                                method.isAnnotatedWith(it)
                                                        || method.getOwner().isAnnotatedWith(it));
                if (!named) {
                    events.add(
                            SimpleConditionEvent.violated(
                                    method, method.getFullName() + " names no role"));
                }
            }
        };
    }
}
