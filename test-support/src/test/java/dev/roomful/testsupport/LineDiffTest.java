package dev.roomful.testsupport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class LineDiffTest {
  private static final List<String> BEFORE =
      List.of("class A", "  a()", "  b()", "", "class B", "  c()");

  @Test
  void equalListingsDifferInNothing() {
    assertEquals(List.of(), LineDiff.of(BEFORE, BEFORE));
  }

  @Test
  void aChangedMemberFollowsItsType() {
    assertEquals(
        List.of("  class A", "-   b()", "+   b(int)", "  class B", "+   d()"),
        LineDiff.of(
            BEFORE, List.of("class A", "  a()", "  b(int)", "", "class B", "  c()", "  d()")));
  }

  @Test
  void anAddedTypeIsItsOwnHeading() {
    assertEquals(
        List.of("+ class AB", "+   x()", "+ "),
        LineDiff.of(
            BEFORE,
            List.of("class A", "  a()", "  b()", "", "class AB", "  x()", "", "class B", "  c()")));
  }

  @Test
  void aRemovedTypeIsItsOwnHeading() {
    assertEquals(
        List.of("- class A", "-   a()", "-   b()", "- "),
        LineDiff.of(BEFORE, List.of("class B", "  c()")));
  }
}
