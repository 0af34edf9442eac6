-- Ce que donne une campagne de détection de la CAF : la part de ciblés dont le non-recours est
-- confirmé, avec l'intervalle de Wilson, et la part de contactés dont un droit s'ouvre.
select
    campagne,
    prestation,
    territoire_declare,
    code_territoire,
    zonage,
    periode,
    cibles,
    confirmes,
    contactes,
    ouverts,
    round(100.0 * confirmes / nullif(cibles, 0), 6) as detection_pct,
    round({{ wilson_pct('(confirmes / cibles)', 'cibles', -1) }}, 6) as detection_basse_pct,
    round({{ wilson_pct('(confirmes / cibles)', 'cibles', 1) }}, 6) as detection_haute_pct,
    round(100.0 * ouverts / nullif(contactes, 0), 6) as conversion_pct,
    gain_mensuel_eur,
    livraison,
    load_id,
    ligne
from {{ ref('stg_caf__retours_detection') }}
