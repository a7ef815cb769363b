package dev.roomful.testsupport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

public class TypeListingTest {
  @Test
  void membersAreSortedByNameAndPrivateOnesAreLeftOut() {
    assertEquals(
        List.of(
            "public static class TypeListingTest.Open",
            "  protected int level",
            "  protected Open()",
            "  public void alpha()",
            "  public final void alpha(int)",
            "  protected static String beta(String...) throws java.io.IOException"),
        listing(Open.class));
  }

  @Test
  void protectedMembersOfAFinalClassAreLeftOut() {
    assertEquals(
        List.of("public static final class TypeListingTest.Closed", "  public void run()"),
        listing(Closed.class));
  }

  @Test
  void constantsAreListedWithTheirValues() {
    assertEquals(
        List.of(
            "public interface TypeListingTest.Constants",
            "  static final String CODE = \"a\\\"b\\n\"",
            "  static final int LIMIT = 128",
            "  static final Object NONE"),
        listing(Constants.class));
  }

  @Test
  void nullnessIsListedWhereItIsDeclared() {
    assertEquals(
        List.of(
            "public interface TypeListingTest.Nulls<T extends @Nullable Object>",
            "  @Nullable String maybe(@Nullable Object)",
            "  java.util.List<@Nullable T> rest()",
            "  String @Nullable [] row(@Nullable String[])",
            "  @Nullable java.util.Map.Entry<String, T> slot()"),
        listing(Nulls.class));
  }

  @Test
  void typeParametersAndWildcardsAreListed() {
    assertEquals(
        List.of(
            "public interface TypeListingTest.Generic<K extends Comparable<K> & Runnable>",
            "  <E extends Exception> void each(java.util.List<? super K>, Class<? extends E>)"
                + " throws E",
            "  java.util.Map<?, int[]> index()"),
        listing(Generic.class));
  }

  @Test
  void membersOfAHiddenParentBelongToTheTypeThatInheritsThem() {
    assertEquals(
        List.of(
            "public static final class TypeListingTest.Heir implements AutoCloseable, Runnable",
            "  public void close()",
            "  public void inherited()",
            "  public void run()"),
        listing(Heir.class));
  }

  @Test
  void whatEveryRecordAndEnumHasIsLeftOut() {
    assertEquals(
        List.of(
            "public record TypeListingTest.Point(int x, String label)",
            "  public static TypeListingTest.Point origin()"),
        listing(Point.class));
    assertEquals(
        List.of(
            "public enum TypeListingTest.Level",
            "  public static final TypeListingTest.Level HIGH",
            "  public static final TypeListingTest.Level LOW"),
        listing(Level.class));
  }

  @Test
  void sealedInterfacesNameTheirImplementations() {
    assertEquals(
        List.of(
            "public sealed interface TypeListingTest.Outcome"
                + " permits TypeListingTest.Accepted, TypeListingTest.Denied"),
        listing(Outcome.class));
  }

  @Test
  void contractsOfDeclarationsAreListed() {
    assertEquals(
        List.of(
            "@FunctionalInterface public interface TypeListingTest.Callback",
            "  void call()",
            "  @Deprecated(forRemoval = true) default void old()"),
        listing(Callback.class));
  }

  private static List<String> listing(Class<?> type) {
    Visibility visibility =
        new Visibility(Path.of("target", "test-classes"), Set.of(type.getPackageName()));
    return new TypeListing(type, visibility).lines();
  }

  public static class Open {
    protected int level;
    int packagePrivate;

    protected Open() {}

    Open(int packagePrivate) {
      this.packagePrivate = packagePrivate;
    }

    protected static String beta(String... words) throws IOException {
      if (words.length == 0) {
        throw new IOException("no words");
      }
      return words[0];
    }

    public final void alpha(int times) {
      level = times;
    }

    public synchronized void alpha() {
      level++;
    }
  }

  public static final class Closed {
    private Closed() {}

    public void run() {}

    @SuppressWarnings("ProtectedMembersInFinalClass")
    protected void hidden() {}
  }

  public interface Constants {
    int LIMIT = 128;
    String CODE = "a\"b\n";
    Object NONE = new Object();
  }

  @NullMarked
  public interface Nulls<T extends @Nullable Object> {
    @Nullable String maybe(@Nullable Object value);

    List<@Nullable T> rest();

    String @Nullable [] row(@Nullable String[] cells);

    Map.@Nullable Entry<String, T> slot();
  }

  public interface Generic<K extends Comparable<K> & Runnable> {
    <E extends Exception> void each(List<? super K> keys, Class<? extends E> failure) throws E;

    Map<?, int[]> index();
  }

  abstract static class HiddenParent implements Runnable {
    public void inherited() {}

    @Override
    public void run() {}
  }

  public static final class Heir extends HiddenParent implements AutoCloseable {
    private Heir() {}

    @Override
    public void close() {}
  }

  public record Point(int x, String label) {
    public static Point origin() {
      return new Point(0, "origin");
    }
  }

  public enum Level {
    LOW,
    HIGH {
      @Override
      boolean loud() {
        return true;
      }
    };

    boolean loud() {
      return false;
    }
  }

  public sealed interface Outcome permits Denied, Accepted {}

  public record Accepted() implements Outcome {}

  public record Denied() implements Outcome {}

  @FunctionalInterface
  public interface Callback {
    void call();

    @Deprecated(forRemoval = true)
    default void old() {}
  }
}
