package dev.roomful.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A chart of horizontal bars as SVG, with colours for light and dark pages. */
final class BarChart {
  private static final int WIDTH = 760;
  private static final int LABELS = 190;
  private static final int VALUES = 90;
  private static final int ROW = 34;
  private static final int TOP = 64;

  private final String title;
  private final String subtitle;
  private final List<Bar> bars = new ArrayList<>();

  BarChart(String title, String subtitle) {
    this.title = title;
    this.subtitle = subtitle;
  }

  private record Bar(String label, double value, boolean highlighted) {}

  void add(String label, double value, boolean highlighted) {
    bars.add(new Bar(label, value, highlighted));
  }

  void write(Path file) throws IOException {
    Files.writeString(file, svg());
  }

  String svg() {
    int height = TOP + bars.size() * ROW + 8;
    double max = bars.stream().mapToDouble(Bar::value).max().orElse(1);
    StringBuilder svg = new StringBuilder();
    append(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\""
            + " font-family=\"system-ui, sans-serif\">",
        WIDTH,
        height);
    append(svg, "<title>%s</title>", escaped(title));
    append(
        svg,
        "<style>text{fill:#6e7781}.o{fill:#2f81c7}.p{fill:#9aa4ae}.h{font-weight:600}"
            + "@media(prefers-color-scheme:dark){text{fill:#9da7b1}.o{fill:#58a6ff}"
            + ".p{fill:#57606a}}</style>");
    append(svg, "<text class=\"h\" x=\"8\" y=\"24\" font-size=\"17\">%s</text>", escaped(title));
    append(svg, "<text x=\"8\" y=\"46\" font-size=\"13\">%s</text>", escaped(subtitle));
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      int y = TOP + i * ROW;
      double length = Math.max(1, bar.value / max * (WIDTH - LABELS - VALUES));
      append(
          svg,
          "<text x=\"%d\" y=\"%d\" font-size=\"14\" text-anchor=\"end\">%s</text>",
          LABELS - 10,
          y + 17,
          escaped(bar.label));
      append(
          svg,
          "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"3\"/>",
          bar.highlighted ? "o" : "p",
          LABELS,
          y,
          length,
          ROW - 10);
      append(
          svg,
          "<text x=\"%.1f\" y=\"%d\" font-size=\"14\">%s</text>",
          LABELS + length + 8,
          y + 17,
          Loopback.ratio(bar.value));
    }
    return svg.append("</svg>\n").toString();
  }

  private static void append(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
