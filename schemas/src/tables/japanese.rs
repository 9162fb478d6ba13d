//! What release tables and their columns mean, in Japanese.
//!
//! In: the name of a release table, or of a column of it. Out: its meaning in Japanese, for clients that
//! municipal staff use. It stands apart from the tables so that a column has one meaning wherever it stands,
//! and translators find all words in one place. Each text renders the English one of the table or column:
//! whoever changes that changes this one too.

/// Tables, each with what one row is.
pub(super) const TABLES: [(&str, &str); 29] = [
    ("connected_monthly", "住んでいない市区町村とつながりのある人(つながりの種類別、居住地別)"),
    ("connected_rest_monthly", "自らの値が示されない市区町村を都道府県ごとにまとめた延べ人数"),
    ("connected_by_period", "市区町村とつながりのある人(四半期、暦年、年度の各月の平均)"),
    ("connected_totals_monthly", "都道府県または全国の実人数と延べ人数(つながりの種類別)"),
    ("visitors_daily", "市区町村のその日の来訪者(全体、県内から、県外から)"),
    ("visitors_monthly", "市区町村のその月の平日・休日の来訪者(居住地別)"),
    ("stays_monthly", "市区町村のその月の来訪者(夜を過ごした場所別、泊数別、滞在時間別)"),
    ("presence_hourly", "市区町村の毎時30分の滞在人口(月の平日または休日の平均)"),
    ("flows_monthly", "市区町村のその月の来訪者(直前・直後にいた、泊まった、入るとき通った市区町村別)"),
    ("cells_monthly", "セル・メッシュにいる人(自宅にいる人を除く、月の平日または休日の平均)"),
    ("trips_monthly", "市区町村のその月の来訪者(旅行で訪れた市区町村の数別、ほかの訪問先別)"),
    ("connected_days_monthly", "市区町村とつながりのある人のその月の延べ滞在日数と延べ泊数(種類別)"),
    ("work_monthly", "その月の通勤・通学者とテレワーク(住む市区町村、働く市区町村)"),
    ("gx_monthly", "その月にテレワークで減った通勤の距離(km)と、うち自動車の CO2"),
    ("workation_stays_monthly", "その月のワーケーションの客の下限(寝る部屋で働く人は観測できない)"),
    ("offices_monthly", "運用者が挙げたサテライトオフィスのその月の利用者"),
    ("dual_regimes_yearly", "市区町村の二地域居住者(夜の周期別、年に1回)"),
    ("municipalities_per_person_yearly", "関係人口(関係する市区町村の数別、居住地別、年に1回)"),
    (
        "matching_yearly",
        "市区町村とつながりのある人(住む・働く市区町村別、大きさからの見込みと対比、年に1回)",
    ),
    ("itinerants_quarterly", "何か月も移り歩いて暮らす人(車中泊など、四半期に泊まった場所別)"),
    ("segments_yearly", "つながりのある人(市区町村は年齢別か男女別、都道府県・全国は両方、年に1回)"),
    (
        "rebound_yearly",
        "テレワークで減った移動のうち、在宅の日の外出で戻る割合(地方ブロック別、距離別、年度に1回)",
    ),
    ("connected_change", "市区町村とつながりのある人の、前月または前年同月からの増減"),
    ("ranks_monthly", "つながりのある人の数による市区町村の順位(都道府県内、全国)"),
    ("peers", "比べる相手となる、最も似た市区町村"),
    ("release_weights", "ある月の数値で、端末1台が何人に当たるか(居住都道府県別)"),
    ("panel_monthly", "パネルが都道府県・全国の人をどれだけよく表すか(数値の前に読む表)"),
    ("panel_coverage", "その月に観測された端末(居住地について分かること別。数値は分かる端末のもの)"),
    ("release_changes", "確報を置き換えた公表と、その理由"),
];

/// Columns by name, wherever they stand, unless [`COLUMNS_OF`] has the pair of table and column.
pub(super) const COLUMNS: [(&str, &str); 160] = [
    ("month", "数える対象の月の初日"),
    ("month_text", "`month` と同じ月。`2026-10` の形"),
    ("fiscal_year", "その月の属する年度。2026は2026年4月から2027年3月"),
    ("quarter", "その月の属する暦年の四半期。`2026-Q4` の形"),
    ("municipality_code", "市区町村コード(JIS X 0402、5桁)"),
    ("municipality", "市区町村の正式名称(日本語)"),
    ("municipality_romaji", "市区町村名のローマ字(ヘボン式)"),
    ("prefecture", "都道府県名(日本語)"),
    (
        "kind",
        "`visitor`(来訪者)、`repeat`(再訪者)、`connected`(関係人口)、`dual_resident`(二地域居住)、\
         `workation`(ワーケーション)、または訪問日数の区分(`days_3_7` など)",
    ),
    (
        "origin_level",
        "`all`、`inside`(県内)、`outside`(県外)、`block`(地方ブロック)、`prefecture`(都道府県)。\
         足すのは同じ分け方の行だけ",
    ),
    ("origin_code", "都道府県コード(JIS X 0401)、`block_` とブロック名、`inside`、`outside`、または `all`"),
    ("origin", "居住地の名称(日本語)。`all` は全員"),
    ("persons", "推計人数(丸めた値)。`published` と `provisional` 以外は空欄で、0にはならない"),
    ("persons_low", "95%信頼区間の下限(標本、雑音、倍率の誤差)。`persons` がなければ空欄"),
    ("persons_high", "95%信頼区間の上限(標本、雑音、倍率の誤差)。`persons` がなければ空欄"),
    ("quality", "A は変動係数16.5%以下、B は33.3%以下、C はそれより大。`persons` がなければ空欄"),
    (
        "status",
        "`published`(公表)、`provisional`(速報)、`rolled_up`(まとめた値)、`hidden`(秘匿)、\
         `not_observed`(観測不足)、`not_computed`(未集計)",
    ),
    ("fewer_than", "値がないとき、これより少ないといえる人数。値があれば空欄"),
    ("rolled_up_to", "値を併記する大きな居住地の区分、または `rest_of_prefecture`。`rolled_up` 以外は空欄"),
    ("rolled_up_persons", "`rolled_up_to` の区分の推計人数。`rolled_up` 以外は空欄"),
    ("rolled_up_low", "`rolled_up_persons` の95%信頼区間の下限。`rolled_up` 以外は空欄"),
    ("rolled_up_high", "`rolled_up_persons` の95%信頼区間の上限。`rolled_up` 以外は空欄"),
    ("next_release", "集計できるようになる日。`not_computed` と `provisional` 以外は空欄"),
    ("ask_instead", "代わりに答えのありうる表と、その中の区分。値があれば空欄"),
    (
        "window_months",
        "その月までの12か月のうち、10日以上のデータがある月の数。12未満の行は短い期間の値で速報、\
         集計していなければ0",
    ),
    ("series", "`real`(本番)または `trial`(試行。集計のたびに引き直す試用の値で、判断には使えない)"),
    ("definition", "定義の名称。`connected-2026/5` の形"),
    ("definition_hash", "定義のすべてのしきい値のハッシュ"),
    ("boundaries", "市区町村の境界の版。簡略な境界はその旨を明記"),
    ("code_date", "使う市区町村コードの時点。`2025-01-01` の形、境界から分からなければ `unknown`"),
    ("revision", "その行を作った公表の番号"),
    ("municipalities", "まとめた市区町村の数"),
    ("period_kind", "その月で終わる `year`(暦年)、`fiscal_year`(年度)、または `quarter`(四半期)"),
    ("period", "どの期間か。`2026`、`2026年度`、または `2026-Q3` の形"),
    ("area_code", "都道府県コード(JIS X 0401)、または全国の `JP`"),
    ("area", "地域の正式名称(日本語)"),
    ("area_romaji", "地域の名称のローマ字"),
    (
        "person_municipalities",
        "延べ人数(人×市区町村)。倍率は `persons` と同じで、それ以上の値。`persons` がないとき、\
         雑音が大きすぎるときは空欄",
    ),
    ("day_type", "`weekday`(平日)または `holiday`(土日と祝日)"),
    ("days", "その月にある `day_type` の日の数"),
    (
        "persons_per_day",
        "`day_type` の日の1日平均の来訪者(丸めた値、1人につき月5日まで)。`persons` がないとき、\
         丸めて0になるときは空欄",
    ),
    ("per_day_low", "`persons_per_day` の95%信頼区間の下限。`persons` がなければ空欄"),
    ("per_day_high", "`persons_per_day` の95%信頼区間の上限。`persons` がなければ空欄"),
    ("class", "`measure` の中の区分。`all` は全体"),
    ("share_percent", "区分の全体に占める割合(%)。`persons` がないとき、全体が示されないときは空欄"),
    ("share_low_percent", "`share_percent` の95%信頼区間の下限。それがなければ空欄"),
    ("share_high_percent", "`share_percent` の95%信頼区間の上限。それがなければ空欄"),
    ("person_nights", "期間中の延べ泊数(丸めた値、1人につき上限まで)。`persons` がなければ空欄"),
    ("person_nights_low", "`person_nights` の95%信頼区間の下限。それがなければ空欄"),
    ("person_nights_high", "`person_nights` の95%信頼区間の上限。それがなければ空欄"),
    ("hour", "日本時間の時(0から23)。その時の30分の数値"),
    ("least_stay_minutes", "数えるのに要る最短の滞在時間(分)。30、または RESAS と同じ120"),
    ("per_100_low", "`per_100_residents` の95%信頼区間の下限。`persons` がなければ空欄"),
    ("per_100_high", "`per_100_residents` の95%信頼区間の上限。`persons` がなければ空欄"),
    (
        "direction",
        "`before`(直前にいた)、`after`(直後にいた)、`lodging`(旅行中に泊まった)、\
         `entry`(入る前に最後に通った)",
    ),
    ("other_code", "相手の市区町村コード(JIS X 0402)、または `all`"),
    ("other", "相手の市区町村の正式名称(日本語)。`all` は全体"),
    ("other_prefecture", "相手の市区町村の都道府県名(日本語)。全体では空"),
    ("grid", "`h3_8`、`h3_7`、`h3_6`(その解像度の H3)、または `mesh_1km`(基準地域メッシュ、JIS X 0410)"),
    ("cell", "H3 の番号(16進)または8桁のメッシュコード。その市区町村の中の部分だけ"),
    (
        "time_band",
        "`day`(11時から14時)、`night`(1時から4時)、`all`(終日)。国土交通省の全国の人流オープンデータと同じ",
    ),
    ("person_days_low", "`person_days` の95%信頼区間の下限。それがなければ空欄"),
    ("person_days_high", "`person_days` の95%信頼区間の上限。それがなければ空欄"),
    ("side", "`residence`(住む市区町村)または `workplace`(働く市区町村)"),
    ("commuters", "通う従業地・通学地のある人(丸めた値)。`hidden` なら空欄"),
    ("commuters_low", "`commuters` の95%信頼区間の下限。それがなければ空欄"),
    ("commuters_high", "`commuters` の95%信頼区間の上限。それがなければ空欄"),
    (
        "teleworkers",
        "通勤・通学者のうち自宅でも働く人(丸めた値)。`hidden` のとき、雑音が大きすぎるときは空欄",
    ),
    ("teleworkers_low", "`teleworkers` の95%信頼区間の下限。それがなければ空欄"),
    ("teleworkers_high", "`teleworkers` の95%信頼区間の上限。それがなければ空欄"),
    ("telework_rate_percent", "通勤・通学者100人当たりの、自宅でも働く人。`teleworkers` がなければ空欄"),
    ("telework_rate_percent_low", "`telework_rate_percent` の95%信頼区間の下限。それがなければ空欄"),
    ("telework_rate_percent_high", "`telework_rate_percent` の95%信頼区間の上限。それがなければ空欄"),
    ("telework_days", "その月のテレワークの日数(丸めた値)。`hidden` のとき、雑音が大きすぎるときは空欄"),
    ("telework_days_low", "`telework_days` の95%信頼区間の下限。それがなければ空欄"),
    ("telework_days_high", "`telework_days` の95%信頼区間の上限。それがなければ空欄"),
    ("day_share_percent", "働いた100日当たりのテレワークの日数。`telework_days` がなければ空欄"),
    ("day_share_percent_low", "`day_share_percent` の95%信頼区間の下限。それがなければ空欄"),
    ("day_share_percent_high", "`day_share_percent` の95%信頼区間の上限。それがなければ空欄"),
    (
        "telework_prior_percent",
        "都道府県の通勤・通学者100人当たりの、自宅でも働く人。\
         在宅日数別の雑音つきの数への当てはめによる値で、`teleworkers`、`telework_days`、\
         `km_gross` の計算に使用。その数のない月は空欄",
    ),
    ("telework_prior_percent_low", "`telework_prior_percent` の95%信頼区間の下限。それがなければ空欄"),
    ("telework_prior_percent_high", "`telework_prior_percent` の95%信頼区間の上限。それがなければ空欄"),
    (
        "km_gross",
        "テレワークで減った通勤の人キロ(km、道のりの往復、丸めた値)。代わりの外出は差し引かない。\
         `hidden` なら空欄",
    ),
    ("km_gross_low", "`km_gross` の95%信頼区間の下限(km)。それがなければ空欄"),
    ("km_gross_high", "`km_gross` の95%信頼区間の上限(km)。それがなければ空欄"),
    ("car_share_percent", "距離のうち、自動車・オートバイによるとみなす割合(%)"),
    ("car_share_of", "その割合が、どこの通勤・通学者の、何年のものか"),
    (
        "kg_co2_car",
        "自動車・オートバイの分の CO2(kg)。報告に使う値(鉄道はいずれにせよ走るため)。`hidden` なら空欄",
    ),
    ("kg_co2_car_low", "`kg_co2_car` の95%信頼区間の下限(kg)。それがなければ空欄"),
    ("kg_co2_car_high", "`kg_co2_car` の95%信頼区間の上限(kg)。それがなければ空欄"),
    ("kg_co2_all", "すべての交通手段の CO2(kg、それぞれの平均の係数による)。`hidden` なら空欄"),
    ("kg_co2_all_low", "`kg_co2_all` の95%信頼区間の下限(kg)。それがなければ空欄"),
    ("kg_co2_all_high", "`kg_co2_all` の95%信頼区間の上限(kg)。それがなければ空欄"),
    ("factor", "人キロ当たりの CO2 の係数と、その年度、出典"),
    (
        "km_net",
        "`km_gross` からリバウンド(在宅の日の外出)を差し引いた人キロ(km、丸めた値)。`km_gross` がないとき、\
         使えるリバウンドの値がないときは空欄",
    ),
    ("km_net_low", "`km_net` の95%信頼区間の下限(km)。それがなければ空欄"),
    ("km_net_high", "`km_net` の95%信頼区間の上限(km)。それがなければ空欄"),
    (
        "kg_co2_car_net",
        "`kg_co2_car` からリバウンドを差し引いた CO2(kg)。外出も同じ交通手段とみなす。`km_net` がなければ空欄",
    ),
    ("kg_co2_car_net_low", "`kg_co2_car_net` の95%信頼区間の下限(kg)。それがなければ空欄"),
    ("kg_co2_car_net_high", "`kg_co2_car_net` の95%信頼区間の上限(kg)。それがなければ空欄"),
    (
        "rebound_of",
        "どこの、何年度のリバウンドか(`rebound_yearly` の値)。`東北圏 2025年度`、または `全国 2025年度` の形。\
         `km_net` がなければ空欄",
    ),
    (
        "distance_band",
        "通勤の直線距離(km)。`under_5`、`5_10`、`10_20`、`20_50`、`50_100`、または十分に大きい区分を合わせた `all`",
    ),
    (
        "rebound_percent",
        "テレワークで減った通勤100 km のうち、在宅の日にもほかの外出で移動する km。0未満や100を超える値もある。\
         `hidden` なら空欄",
    ),
    ("rebound_percent_low", "`rebound_percent` の95%信頼区間の下限。それがなければ空欄"),
    ("rebound_percent_high", "`rebound_percent` の95%信頼区間の上限。それがなければ空欄"),
    ("comes", "`first`(12か月で初めて)、`returning`(再び来た)、または `all`"),
    (
        "user",
        "`local`(そこに住む)、`outside_first`(外から12か月で初めて)、`outside_returning`(外から再び)、\
         または `all`",
    ),
    (
        "regime",
        "`weekly`(毎週)、`weekend`(週末)、`alternate`(交互)、`monthly`(毎月)、`seasonal`(季節)、\
         `blocks`(まとまった期間)、または `all`。詳しくは説明書",
    ),
    ("municipalities_class", "`1`、`2`、`3`、`4_plus`、または `all`"),
    (
        "expected_persons",
        "同じ都道府県から来る人のうち、相手の市区町村の大きさと距離から見込まれる人数。`persons` がないときと、\
         従業地では空欄",
    ),
    (
        "lift",
        "見込みに対する `persons` の比。見込みが小さければ1に引き寄せた値。`expected_persons` がなければ空欄",
    ),
    ("lift_low", "`lift` の5%点。順位付けに使う値。`expected_persons` がなければ空欄"),
    (
        "weight_of",
        "倍率を作った居住者。`municipality`、\
         `small_municipalities`(県内のパネル居住者100台未満の市区町村の合計)、`prefecture`",
    ),
    ("area_level", "`municipality`(市区町村)、`prefecture`(都道府県)、または `country`(全国)"),
    ("age_band", "`15-29`、`30-44`、`45-54`、`55-64`、`65+`、または `all`"),
    ("sex", "`male`(男)、`female`(女)、または `all`"),
    (
        "known_percent",
        "その地域と種類の端末のうち、提供事業者に年齢または性別が分かる割合(%)。50未満なら値を示さない。\
         人数と割合は分かる端末から全体に広げた値。全体が示されなければ空欄",
    ),
    ("compared_with", "`previous_month`(前月)または `year_before`(前年同月)"),
    ("change", "比べる月からの人数の増減(丸めた値、減少は0未満)。`hidden` なら空欄"),
    ("change_low", "`change` の95%信頼区間の下限。それがなければ空欄"),
    ("change_high", "`change` の95%信頼区間の上限。それがなければ空欄"),
    ("change_percent", "比べる月の人数100人当たりの増減。`hidden` なら空欄"),
    ("change_percent_low", "`change_percent` の95%信頼区間の下限。それがなければ空欄"),
    ("change_percent_high", "`change_percent` の95%信頼区間の上限。それがなければ空欄"),
    ("is_certain", "区間が0を含まなければ `up` または `down`、含めば `not_certain`"),
    (
        "rank_in_prefecture",
        "都道府県内の値のある市区町村の中で、人数の多い順の順位(最多が1)。`hidden` なら空欄",
    ),
    ("rank_in_prefecture_low", "`rank_in_prefecture` の95%信頼区間の下限。それがなければ空欄"),
    ("rank_in_prefecture_high", "`rank_in_prefecture` の95%信頼区間の上限。それがなければ空欄"),
    ("ranked_in_prefecture", "都道府県内で順位の付いた市区町村の数"),
    ("rank_in_country", "値のあるすべての市区町村の中で、人数の多い順の順位(最多が1)。`hidden` なら空欄"),
    ("rank_in_country_low", "`rank_in_country` の95%信頼区間の下限。それがなければ空欄"),
    ("rank_in_country_high", "`rank_in_country` の95%信頼区間の上限。それがなければ空欄"),
    ("ranked_in_country", "全国で順位の付いた市区町村の数"),
    ("per_100_residents_low", "`per_100_residents` の95%信頼区間の下限。それがなければ空欄"),
    ("per_100_residents_high", "`per_100_residents` の95%信頼区間の上限。それがなければ空欄"),
    ("peer_rank", "似ている順位(最も似たものが1)"),
    ("likeness", "何が似ているか。記載の順に人口、居住者当たりの来訪者、県外からの来訪者の割合"),
    (
        "panel",
        "`year`(12か月の大半に観測された端末、つながりの数値用)、`month`(月の大半に観測された端末、\
         来訪者の数値用)",
    ),
    ("panel_residents", "パネルのうち、そこに住む端末数(雑音つき)。0未満にはならない"),
    ("population", "そこに住む人の数"),
    ("pooled_with", "それぞれパネル居住者が100台未満のため倍率を共有する都道府県の数"),
    ("persons_per_device", "倍率(端末1台当たりの人数)"),
    ("population_base", "`population` の統計表と、その時点"),
    ("panel_devices", "パネルのうち、そこに住む端末数(雑音つき、丸めた値)。少なすぎて分からなければ空欄"),
    ("coverage_percent", "人口100人当たりのパネルの端末数。`panel_devices` がなければ空欄"),
    (
        "pooling",
        "倍率を作った端末。`own`(自ら)、`small_prefectures`(100台未満の全都道府県)、`country`(全国)、\
         `none`(1台を1人とみなす)",
    ),
    ("weight_error_percent", "雑音とパネルの大きさによる、倍率の標準偏差(%)"),
    (
        "effective_devices",
        "有効な端末数。端末数を市区町村の倍率の不揃い(Kish)で割り、丸めた値。`panel_devices` がなければ空欄",
    ),
    ("calibrated_in", "市区町村自らの倍率の基とした居住者の月。`2026-03` の形、最初のものより前は空欄"),
    ("municipalities_own", "自らの倍率をもつ市区町村の数"),
    ("municipalities_small", "100台未満のため一つの倍率を共有する市区町村の数"),
    ("municipalities_of_prefecture", "都道府県の倍率を使う市区町村の数"),
    (
        "age_sex_known_percent",
        "`calibrated_in` の月の年パネルで年齢と性別が分かる端末の割合(%)。80以上で人口も年齢・男女別なら、\
         つながりの数値を補正。最初のものより前は空欄",
    ),
    ("days_missing", "全国の来訪者が、そのような日の通常の半分に満たなかった、その月の日の数"),
    ("missing_days", "`days_missing` の日付。`2026-03-14` の形、コンマ区切り。なければ空欄"),
    (
        "standing",
        "`located`(居住地が分かる)、`from_abroad`(海外からの来訪、ほかの表では数えない)、\
         `new`(観測開始から間もない)、`not_enough_seen`(観測が足りない)",
    ),
    ("standing_ja", "`standing` の日本語"),
    ("devices", "端末数(雑音つき、丸めた値)。`published` 以外は空欄"),
    ("edition", "その公表から始まった版の番号(1から)"),
    ("reason", "作った人の言葉による理由"),
];

/// Columns that mean something of their own in one table: table, column and meaning.
pub(super) const COLUMNS_OF: [(&str, &str, &str); 38] = [
    ("connected_monthly", "month", "月の初日。つながりは、その月までの12か月間によるもの"),
    ("connected_rest_monthly", "month", "月の初日。つながりは、その月までの12か月間によるもの"),
    ("connected_rest_monthly", "prefecture_code", "まとめた市区町村の都道府県コード(JIS X 0401)"),
    ("connected_by_period", "period_kind", "`quarter`(四半期)、`year`(暦年)、または `fiscal_year`(年度)"),
    ("connected_by_period", "first_month", "期間の最初の月の初日"),
    ("connected_by_period", "last_month", "期間の最後の月の初日"),
    ("connected_totals_monthly", "month", "月の初日。つながりは、その月までの12か月間によるもの"),
    ("visitors_daily", "date", "日付(日本時間の4時に始まる1日)"),
    (
        "stays_monthly",
        "measure",
        "`pattern`(訪問の前後の夜を過ごした場所)、`nights`(宿泊した訪問の泊数)、`hours`(日帰りの時間)",
    ),
    (
        "stays_monthly",
        "origin_level",
        "`resident`(そこに住む)、`inside`(県内の他市区町村)、`outside`(県外)を足すと `all`。\
         `same_block`(同じ地方ブロック)、`other_block`(ほか)は `outside` の内訳",
    ),
    (
        "presence_hourly",
        "origin_level",
        "`resident`(そこに住む)、`inside`(県内の他市区町村)、`outside`(県外)を足すと `all`。\
         `same_block`(同じ地方ブロック)、`other_block`(ほか)は `outside` の内訳",
    ),
    (
        "presence_hourly",
        "per_100_residents",
        "滞在人口率(2020年国勢調査人口100人当たりの人数)。`persons` がなければ空欄",
    ),
    (
        "trips_monthly",
        "measure",
        "`municipalities`(旅行で訪れた市区町村の数)または `with`(同じ旅行で訪れたほかの市区町村)",
    ),
    (
        "connected_days_monthly",
        "person_days",
        "その月に訪問した延べ日数(丸めた値、1人につき10日まで)。`hidden` なら空欄",
    ),
    (
        "connected_days_monthly",
        "person_nights",
        "その月の延べ泊数(丸めた値、1人につき上限まで)。`person_days` がなければ空欄",
    ),
    (
        "work_monthly",
        "quality",
        "A は変動係数16.5%以下、B は33.3%以下、C はそれより大。`commuters` がなければ空欄",
    ),
    ("offices_monthly", "person_days", "延べ利用日数(丸めた値、1人につき15日まで)。`hidden` なら空欄"),
    ("rebound_yearly", "period_kind", "その月で終わる `fiscal_year`(年度)"),
    ("rebound_yearly", "period", "どの年度か。`2025年度` の形"),
    ("rebound_yearly", "area_code", "住んでいる地方ブロック(`block_tohoku` など)、または全国の `JP`"),
    ("segments_yearly", "period_kind", "その月で終わる `year`(暦年)または `fiscal_year`(年度)"),
    ("segments_yearly", "period", "どの期間か。`2026` または `2026年度` の形"),
    (
        "segments_yearly",
        "area_code",
        "市区町村コード(JIS X 0402、5桁)、都道府県コード(JIS X 0401、2桁)、または `JP`",
    ),
    (
        "segments_yearly",
        "kind",
        "`visitor`(来訪者)、`connected`(関係人口)、または `dual_resident`(二地域居住)",
    ),
    ("connected_change", "month", "月の初日。つながりは、その月までの12か月間によるもの"),
    ("ranks_monthly", "month", "月の初日。つながりは、その月までの12か月間によるもの"),
    ("ranks_monthly", "per_100_residents", "2020年国勢調査人口100人当たりの人数。`hidden` なら空欄"),
    ("peers", "month", "月の初日。つながりは、その月までの12か月間によるもの"),
    ("release_weights", "prefecture_code", "居住都道府県のコード(JIS X 0401)"),
    ("release_weights", "population", "`panel_monthly.population_base` の統計表による、そこに住む人の数"),
    (
        "release_weights",
        "persons_per_device",
        "倍率(端末1台当たりの人数)。端末1台を1人とみなすときは行がない",
    ),
    (
        "panel_monthly",
        "quality",
        "`weight_error_percent` による、数値と同じ A、B、C。有効な端末30台未満なら空欄(参考値)",
    ),
    (
        "panel_monthly",
        "status",
        "`published`(公表)、`provisional`(速報)、`hidden`(秘匿。端末が少なくて雑音と区別できない)",
    ),
    ("panel_coverage", "share_percent", "示された端末全体に占める割合(%)。`devices` がなければ空欄"),
    (
        "panel_coverage",
        "status",
        "`published`(公表)、`provisional`(速報)、`hidden`(秘匿。少なくて雑音と区別できない)",
    ),
    ("release_changes", "date", "その公表を作った日"),
    ("release_changes", "first_month", "公表し直した最初の月の初日"),
    ("release_changes", "last_month", "公表し直した最後の月の初日"),
];
